/* SPDX-License-Identifier: ISC */
/*
 * Scripts: what they are given, and what their output means.
 */

#include "tests/unit/ht.h"

#include "httpd/cgi.h"

static struct cgi_exec exec;
static struct resp resp;

static const char *
env_of(const char *name)
{
	size_t n = strlen(name);

	for (unsigned i = 0; exec.envp[i] != NULL; i++)
		if (strncmp(exec.envp[i], name, n) == 0 &&
		    exec.envp[i][n] == '=')
			return exec.envp[i] + n + 1;
	return "(none)";
}

static void
prepare(const char *line, const char *fields)
{
	struct cgi_facts facts = { .body_len = -1, .path = STR("/bin"),
	    .software = STR("Apache") };
	const struct conf *conf;

	ht_files_n = 0;
	ht_add("/cgi", NULL);
	ht_add("/cgi/env.cgi", "x");
	ht_add("/cgi/nph-x.cgi", "x");
	conf = ht_load("DocumentRoot /cgi\nScriptAlias /cgi-bin/ /cgi/\n"
	    "ServerAdmin me@example.org\nSetEnv A-B c\nSetEnv {Z9/ odd\n"
	    "SetEnvIf X-Cap \"^a(b+)c\" MYVAR=got-$1 =nameless\n");
	ck_assert_msg(conf != NULL, "%s", ht_text);
	ck_assert_int_eq(ht_plan(conf, line, fields)->kind, ROUTE_CGI);
	ck_assert_msg(cgi_prepare(&ht_in, &ht_route, &facts, &ht_turn, &exec),
	    "prepare");
}

/* A script to which another one led is told less than that for an error. */
START_TEST(facts_of_a_local_redirect)
{
	struct cgi_facts facts = { .body_len = -1, .path = STR("/bin"),
	    .software = STR("Apache"), .status = 200,
	    .redirect_url = STR("/to") };

	prepare("POST /cgi-bin/env.cgi", "Content-Length: 5\r\n");
	ck_assert_msg(cgi_prepare(&ht_in, &ht_route, &facts, &ht_turn, &exec),
	    "prepare");
	ck_assert_str_eq(env_of("REDIRECT_STATUS"), "200");
	ck_assert_str_eq(env_of("REDIRECT_URL"), "/to");
	ck_assert_str_eq(env_of("REDIRECT_QUERY_STRING"), "(none)");
	ck_assert_str_eq(env_of("REDIRECT_REQUEST_METHOD"), "(none)");
}
END_TEST

/* What a body, a user and an error document add. */
START_TEST(facts_of_the_request)
{
	static const char *const want[][2] = {
		{ "REQUEST_METHOD", "POST" }, { "CONTENT_LENGTH", "5" },
		{ "CONTENT_TYPE", "text/x" }, { "REMOTE_USER", "joe" },
		{ "AUTH_TYPE", "Basic" }, { "REMOTE_HOST", "(none)" },
		{ "HTTP_X_TWICE", "a, b" }, { "HTTP_PROXY", "(none)" },
		{ "HTTP_AUTHORIZATION", "(none)" }, { "HTTP_CONTENT_TYPE", "(none)" },
		{ "REDIRECT_REQUEST_METHOD", "(none)" },
		{ "REDIRECT_STATUS", "(none)" }, { "REDIRECT_URL", "(none)" },
	};
	struct cgi_facts facts = { .body_len = 5, .path = STR("/bin"),
	    .software = STR("Apache") };

	prepare("POST /cgi-bin/env.cgi", "Content-Length: 5\r\n"
	    "Content-Type: text/x\r\nX-Twice: a\r\nX-Twice: b\r\n"
	    "Proxy: evil\r\nAuthorization: Basic x\r\n");
	ht_route.user_ok = true;
	ht_route.user = STR("joe");
	ck_assert_msg(cgi_prepare(&ht_in, &ht_route, &facts, &ht_turn, &exec),
	    "prepare");
	for (size_t i = 0; i < ARRAY_LEN(want); i++)
		ck_assert_msg(strcmp(env_of(want[i][0]), want[i][1]) == 0,
		    "%s: %s", want[i][0], env_of(want[i][0]));
	/* an error document is asked for with GET, and told what went wrong */
	facts.status = 404;
	facts.redirect_url = STR("/gone");
	ht_in.query = STR("q=1");
	ht_route.is_error_doc = true;
	ck_assert_msg(cgi_prepare(&ht_in, &ht_route, &facts, &ht_turn, &exec),
	    "prepare");
	ck_assert_str_eq(env_of("REQUEST_METHOD"), "GET");
	ck_assert_str_eq(env_of("CONTENT_LENGTH"), "(none)");
	ck_assert_str_eq(env_of("REDIRECT_STATUS"), "404");
	ck_assert_str_eq(env_of("REDIRECT_URL"), "/gone");
	ck_assert_str_eq(env_of("REDIRECT_QUERY_STRING"), "q=1");
	ck_assert_str_eq(env_of("REDIRECT_REQUEST_METHOD"), "POST");
	ht_route.is_error_doc = false;
	/* a length nobody counted is the client's word */
	facts = (struct cgi_facts){ .body_len = -1, .path = STR("/bin"),
	    .software = STR("Apache") };
	ck_assert_msg(cgi_prepare(&ht_in, &ht_route, &facts, &ht_turn, &exec),
	    "prepare");
	ck_assert_str_eq(env_of("CONTENT_LENGTH"), "5");
	/* .. which counts for nothing where the body is chunked */
	ht_req.body = REQ_BODY_CHUNKED;
	/* a name that would be cut is none; an inner look-up is a GET */
	ht_route.user = str_make("jo\0e", 4);
	ht_in.is_get = true;
	ck_assert_msg(cgi_prepare(&ht_in, &ht_route, &facts, &ht_turn, &exec),
	    "prepare");
	ck_assert_str_eq(env_of("CONTENT_LENGTH"), "(none)");
	ck_assert_str_eq(env_of("REMOTE_USER"), "(none)");
	ck_assert_str_eq(env_of("REQUEST_METHOD"), "GET");
	ht_in.is_get = false;
	ck_assert_msg(cgi_prepare(&ht_in, &ht_route, &facts, &ht_turn, &exec),
	    "prepare");
	ck_assert_str_eq(env_of("CONTENT_LENGTH"), "(none)");
	ck_assert_str_eq(env_of("REQUEST_METHOD"), "POST");
	ck_assert_str_eq(env_of("REQUEST_SCHEME"), "http");
	((struct conf_vhost *)(uintptr_t)ht_in.vhost)->name_is_https = true;
	ck_assert_msg(cgi_prepare(&ht_in, &ht_route, &facts, &ht_turn, &exec),
	    "prepare");
	ck_assert_str_eq(env_of("REQUEST_SCHEME"), "https");
	ht_route.file = "/x.cgi";
	ck_assert_msg(cgi_prepare(&ht_in, &ht_route, &facts, &ht_turn, &exec),
	    "prepare");
	ck_assert_str_eq(exec.dir, "/");
}
END_TEST

START_TEST(little_memory_starts_no_script)
{
	struct cgi_facts facts = { .body_len = -1, .path = STR("/bin"),
	    .software = STR("Apache") };
	size_t mark, need;

	prepare("GET /cgi-bin/env.cgi/more?a+b+%41", "X-A: 1\r\nX-A: 2\r\n");
	need = ht_turn.len + 8192;
	mark = arena_mark(&ht_turn);
	for (size_t cap = mark; cap < need; cap += 11) {
		ht_turn.cap = cap;
		if (cgi_prepare(&ht_in, &ht_route, &facts, &ht_turn, &exec)) {
			ck_assert_str_eq(env_of("HTTP_X_A"), "1, 2");
			ck_assert_str_eq(env_of("PATH_INFO"), "/more");
		}
		arena_reset(&ht_turn, mark);
	}
	ht_turn.cap = sizeof(ht_turn_mem);
}
END_TEST

START_TEST(environment_is_the_peers)
{
	static const char *const want[][2] = {
		{ "GATEWAY_INTERFACE", "CGI/1.1" },
		{ "SERVER_PROTOCOL", "HTTP/1.1" }, { "REQUEST_METHOD", "GET" },
		{ "QUERY_STRING", "a=b&c=%41" },
		{ "REQUEST_URI", "/cgi-bin/env.cgi/extra/path%20x?a=b&c=%41" },
		{ "SCRIPT_NAME", "/cgi-bin/env.cgi" },
		{ "PATH_INFO", "/extra/path x" },
		{ "PATH_TRANSLATED", "/cgi/extra/path x" },
		{ "SCRIPT_FILENAME", "/cgi/env.cgi" },
		{ "DOCUMENT_ROOT", "/cgi" }, { "REMOTE_ADDR", "10.0.0.99" },
		{ "SERVER_NAME", "a.example" }, { "SERVER_PORT", "80" },
		{ "SERVER_ADDR", "10.0.0.1" },
		{ "SERVER_ADMIN", "me@example.org" },
		{ "REQUEST_SCHEME", "http" }, { "HTTP_HOST", "a.example" },
		{ "HTTP_X_TWICE", "1, 2" }, { "HTTP_COOKIE", "a=1; b=2" },
		{ "HTTP_X_RHN_PROVISIONING_MAC_0", "eth0 52:54:00:00:00:01" },
		{ "MYVAR", "got-bbb" }, { "A_B", "c" }, { "_Z9_", "odd" },
		{ "HTTP_X_9Z", "1" }, { "", "(none)" }, { "HTTP_X~A", "(none)" },
		{ "HTTP_X.A", "(none)" }, { "HTTP_X^A", "(none)" },
		/* what must not be there */
		{ "HTTP_AUTHORIZATION", "(none)" }, { "HTTP_PROXY", "(none)" },
		{ "HTTP_PROXY_AUTHORIZATION", "(none)" },
		{ "HTTP_X_UNDER_SCORE", "(none)" },
		{ "CONTENT_LENGTH", "(none)" }, { "REMOTE_USER", "(none)" },
	};

	prepare("GET /cgi-bin/env.cgi/extra/path%20x?a=b&c=%41",
	    "X-Twice: 1\r\nCookie: a=1\r\nX-Twice: 2\r\nCookie: b=2\r\n"
	    "Authorization: Basic eA==\r\nProxy: evil\r\nX_Under_Score: x\r\n"
	    "X-Cap: abbbc\r\nX-9z: 1\r\nX~a: 1\r\nX.a: 1\r\nX^a: 1\r\nProxy-Authorization: x\r\n"
	    "X-RHN-Provisioning-MAC-0: eth0 52:54:00:00:00:01\r\n");
	for (size_t i = 0; i < sizeof(want) / sizeof(*want); i++)
		ck_assert_msg(strcmp(env_of(want[i][0]), want[i][1]) == 0,
		    "%s=%s", want[i][0], env_of(want[i][0]));
	ck_assert_str_eq(exec.dir, "/cgi");
	ck_assert_msg(exec.argv[1] == NULL && !exec.is_raw, "argv");
}
END_TEST

START_TEST(words_of_a_query)
{
	prepare("GET /cgi-bin/env.cgi?one+t%77o+%00x", "");
	ck_assert_str_eq(exec.argv[1], "one");
	ck_assert_str_eq(exec.argv[2], "two");
	ck_assert_str_eq(exec.argv[3], "%00x");
	ck_assert_msg(exec.argv[4] == NULL, "end");
	prepare("GET /cgi-bin/env.cgi?%4+%4x+%x4+%41b+%", "");
	ck_assert_str_eq(exec.argv[1], "%4");
	ck_assert_str_eq(exec.argv[2], "%4x");
	ck_assert_str_eq(exec.argv[3], "%x4");
	ck_assert_str_eq(exec.argv[4], "Ab");
	ck_assert_str_eq(exec.argv[5], "%");
	prepare("POST /cgi-bin/env.cgi?one", "Content-Length: 0\r\n");
	ck_assert_msg(exec.argv[1] == NULL, "POST");
	prepare("GET /cgi-bin/nph-x.cgi?a=b", "");
	ck_assert_msg(exec.argv[1] == NULL && exec.is_raw, "nph");
}
END_TEST

START_TEST(more_words_than_a_script_takes)
{
	char line[400] = "GET /cgi-bin/env.cgi?w";
	unsigned n = 0;

	for (size_t i = strlen(line); i < sizeof(line) - 2; i += 2)
		memcpy(line + i, "+w", 3);
	prepare(line, "");
	while (exec.argv[n] != NULL)
		n++;
	ck_assert_msg(n <= CGI_ARG_MAX, "%u words", n);
}
END_TEST

START_TEST(more_variables_than_a_script_takes)
{
	static char fields[12000];
	struct cgi_facts facts = { .body_len = 5 };
	size_t n = 0;

	prepare("GET /cgi-bin/env.cgi", "");
	ht_fields_max = REQ_FIELDS_MAX;
	for (int i = 0; i < REQ_FIELDS_MAX - 1; i++)
		n += (size_t)snprintf(fields + n, sizeof(fields) - n,
		    "X-%d: %d\r\n", i, i);
	ck_assert_msg(ht_plan(ht_load("DocumentRoot /cgi\n"
	    "ScriptAlias /cgi-bin/ /cgi/\n"), "GET /cgi-bin/env.cgi",
	    fields)->kind == ROUTE_CGI, "plan");
	ck_assert_msg(!cgi_prepare(&ht_in, &ht_route, &facts, &ht_turn, &exec),
	    "must be refused");
}
END_TEST

START_TEST(many_fields_do_not_overflow)
{
	static char fields[12000];
	struct cgi_facts facts = { .body_len = 5 };
	uint8_t mem[600];
	struct arena a;
	size_t n = 0;

	for (int i = 0; i < 90; i++)
		n += (size_t)snprintf(fields + n, sizeof(fields) - n,
		    "X-%d: %d\r\n", i, i);
	prepare("GET /cgi-bin/env.cgi", fields);
	ck_assert_str_eq(env_of("HTTP_X_89"), "89");
	arena_init(&a, mem, sizeof(mem));
	ck_assert_msg(!cgi_prepare(&ht_in, &ht_route, &facts, &a, &exec),
	    "a full arena must be noticed");
}
END_TEST

static const struct {
	const char *out;
	enum cgi_verdict verdict;
	unsigned status;
	const char *target, *body;
} outputs[] = {
	{ "Content-Type: text/plain\n\nhello", CGI_OK, 200, NULL, "hello" },
	{ "Content-Type: text/plain\r\n\r\n", CGI_OK, 200, NULL, "" },
	{ "Status: 404 Not Here\nX-Own: 1\n\ngone", CGI_OK, 404, NULL,
	    "gone" },
	{ "Location: /hello.txt\n\n", CGI_LOCAL, 200, "/hello.txt", NULL },
	{ "Location: http://o/x\n\n", CGI_OK, 302, NULL, "" },
	{ "Status: 301\nLocation: /x\n\n", CGI_OK, 301, NULL, "" },
	{ "no header here\n", CGI_BAD, 0, "no header here", NULL },
	{ "", CGI_BAD, 0, "", NULL }, { "\n", CGI_BAD, 0, NULL, NULL },
	{ "X: 1\n", CGI_BAD, 0, "", NULL },
	{ "X: 1\nhalf", CGI_BAD, 0, "", NULL },
	{ "Bad Name: 1\n\n", CGI_BAD, 0, "Bad Name: 1", NULL },
	{ ": 1\n\n", CGI_BAD, 0, ": 1", NULL },
	{ "Status: abc\n\n", CGI_BAD, 0, "Status: abc", NULL },
	{ "Status: 199\n\n", CGI_BAD, 0, "Status: 199", NULL },
	{ "Status: 600\n\n", CGI_BAD, 0, "Status: 600", NULL },
	{ "X{: 1\n\n", CGI_BAD, 0, "X{: 1", NULL },
	{ "X\177: 1\n\n", CGI_BAD, 0, "X\177: 1", NULL },
	{ "X\303: 1\n\n", CGI_BAD, 0, "X\303: 1", NULL },
	{ "Content-Length: 2\nX-Empty:\n\nhello", CGI_OK, 200, NULL, "hello" },
	{ "Location:\n\nhello", CGI_OK, 200, NULL, "hello" },
};

START_TEST(output)
{
	struct str out = str_of(outputs[_i].out), target;
	char *copy = t_dup(out.p, out.len);
	size_t body = 0;
	enum cgi_verdict v = cgi_head(str_make(copy, out.len), true, &resp,
	    &body, &target);

	ck_assert_msg(v == outputs[_i].verdict, "%s: %d", out.p, (int)v);
	if (outputs[_i].status != 0)
		ck_assert_int_eq(resp.status, outputs[_i].status);
	if (outputs[_i].target != NULL)
		ck_assert_msg(str_eq(target, str_of(outputs[_i].target)),
		    "target %.*s", STR_ARG(target));
	if (outputs[_i].body != NULL)
		ck_assert_msg(str_eq(str_sub(out, body, out.len),
		    str_of(outputs[_i].body)), "body");
	free(copy);
}
END_TEST

START_TEST(more_is_asked_for)
{
	struct str whole = STR("Content-Type: a/b\r\nX: y\r\n\r\nbody");
	struct str target;
	size_t body;

	for (size_t n = 0; n < whole.len - 4; n++) {
		char *copy = t_dup(whole.p, n);

		ck_assert_int_eq(cgi_head(str_make(copy, n), false, &resp,
		    &body, &target), CGI_MORE);
		free(copy);
	}
	ck_assert_int_eq(cgi_head(whole, false, &resp, &body, &target),
	    CGI_OK);
	ck_assert_int_eq((int)body, (int)whole.len - 4);
}
END_TEST

START_TEST(endless_heads_end)
{
	static char big[CGI_HEAD_MAX + 100];
	struct str target;
	size_t body;

	memset(big, 'a', sizeof(big));
	ck_assert_int_eq(cgi_head(str_make(big, sizeof(big)), false, &resp,
	    &body, &target), CGI_BAD);
	for (size_t i = 0; i + 3 <= sizeof(big); i += 3)
		memcpy(big + i, "X:\n", 3);
	ck_assert_int_eq(cgi_head(str_make(big, sizeof(big)), false, &resp,
	    &body, &target), CGI_BAD);
}
END_TEST

T_MAIN("httpd_cgi")
{
	T_ADD(facts_of_a_local_redirect);
	T_ADD(facts_of_the_request);
	T_ADD(little_memory_starts_no_script);
	T_ADD(environment_is_the_peers);
	T_ADD(words_of_a_query);
	T_ADD(more_words_than_a_script_takes);
	T_ADD(more_variables_than_a_script_takes);
	T_ADD(many_fields_do_not_overflow);
	T_LOOP(output, 0, (int)(sizeof(outputs) / sizeof(*outputs)));
	T_ADD(more_is_asked_for);
	T_ADD(endless_heads_end);
}
