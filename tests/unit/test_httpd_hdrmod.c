/* SPDX-License-Identifier: ISC */
/*
 * Header, RequestHeader and Expires, rule by rule.
 */

#include "tests/unit/ht.h"

#include "httpd/hdrmod.h"

/* want: the fields that are there afterwards, in order */
static const struct {
	const char *conf, *want;
	bool is_built_in;
} cases[] = {
	{ "", "ETag=\"x\"|Vary=a, b", false },
	{ "Header set X one\nHeader append X more\n",
	    "ETag=\"x\"|Vary=a, b|X=one, more", false },
	{ "Header set X one\nHeader always set Y two\n",
	    "ETag=\"x\"|Vary=a, b|Y=two", true },
	{ "Header unset etag\n", "Vary=a, b", false },
	{ "Header merge Vary b\nHeader merge Vary c\n",
	    "ETag=\"x\"|Vary=a, b, c", false },
	{ "Header setifempty Vary z\nHeader setifempty W z\n",
	    "ETag=\"x\"|Vary=a, b|W=z", false },
	{ "Header add Vary c\n", "ETag=\"x\"|Vary=a, b|Vary=c", false },
	{ "Header edit Vary \"([ab])\" \"<$1>\"\n",
	    "ETag=\"x\"|Vary=<a>, b", false },
	{ "Header edit* Vary \"([ab])\" \"<$1>\"\n",
	    "ETag=\"x\"|Vary=<a>, <b>", false },
	{ "Header edit* Vary \"x*\" \"-\"\n",
	    "ETag=\"x\"|Vary=-a-,- -b-", false },
	{ "Header echo ^X-E\n", "ETag=\"x\"|Vary=a, b|X-Echo=back", false },
	{ "Header echo .\n", "ETag=\"x\"|Vary=a, b|Host=a.example|X-Echo=back|X-Old=o|"
	    "X-Two=a|X-Two=b", false },
	{ "Header note Date d\nHeader set Date d\n", "ETag=\"x\"|Vary=a, b", false },
	{ "Header set X 1 env=V\nHeader set Y 1 env=!V\n",
	    "ETag=\"x\"|Vary=a, b|Y=1", false },
	{ "SetEnvIf X-Echo back V=val\nHeader set X \"<%{V}e> %%\" env=V\n",
	    "ETag=\"x\"|Vary=a, b|X=<val> %", false },
	{ "Header set X \"%{NONE}e %t %D\"\n", "ETag=\"x\"|Vary=a, b|"
	    "X=(null) t=1402403700000000 D=0", false },
	{ "ExpiresActive On\nExpiresDefault A3600\n", "ETag=\"x\"|Vary=a, b|"
	    "Cache-Control=max-age=3600|Expires=Tue, 10 Jun 2014 13:35:00 "
	    "GMT", false },
	{ "ExpiresActive On\nExpiresDefault A1\nExpiresByType text/plain "
	    "\"modification plus 1 minute\"\n", "ETag=\"x\"|Vary=a, b|"
	    "Cache-Control=max-age=56|Expires=Tue, 10 Jun 2014 12:35:56 GMT",
	    false },
	{ "ExpiresActive On\nExpiresByType text/* M0\n", "ETag=\"x\"|"
	    "Vary=a, b|Cache-Control=max-age=0|Expires=Tue, 10 Jun 2014 "
	    "12:35:00 GMT", false },
	{ "ExpiresActive On\nExpiresByType image/* A9\n",
	    "ETag=\"x\"|Vary=a, b", false },
	{ "ExpiresActive On\nExpiresDefault A1\n", "ETag=\"x\"|Vary=a, b",
	    true },
	{ "ExpiresActive On\nExpiresDefault A1\nExpiresDefault A2\n"
	    "Header set Expires 0\n", "ETag=\"x\"|Vary=a, b|"
	    "Cache-Control=max-age=2|Expires=0", false },
	{ "Header add Vary c\nHeader edit* Vary ([abc]) <$1>\n",
	    "ETag=\"x\"|Vary=<a>, <b>|Vary=<c>", false },
	{ "Header edit Vary z y\nHeader edit None z y\n",
	    "ETag=\"x\"|Vary=a, b", false },
	{ "Header edit* Vary \"b*$\" -\n", "ETag=\"x\"|Vary=a, --", false },
	{ "ExpiresActive On\nExpiresByType text/html A9\n",
	    "ETag=\"x\"|Vary=a, b", false },
	{ "ExpiresActive On\nExpiresDefault A1\n<Location />\nExpiresDefault A2\n"
	    "Header unset Expires\n</Location>\n",
	    "ETag=\"x\"|Vary=a, b|Cache-Control=max-age=2", false },
	{ "Header set Server x\nHeader set date x\nHeader add Connection x\n"
	    "Header append Transfer-Encoding x\nHeader set Keep-Alive x\n"
	    "Header set Content-Length 1\n", "ETag=\"x\"|Vary=a, b", false },
	{ "Header note None seen\n", "ETag=\"x\"|Vary=a, b", false },
	{ "SetEnvIf X-Echo back V=val\nHeader set X \"%{V}s\"\n",
	    "ETag=\"x\"|Vary=a, b|X=(null)", false },
	{ "Header edit* Vary [ab] %{V}\n", "ETag=\"x\"|Vary=(null), (null)",
	    false },
	{ "Header edit* Vary [ab] %{V\n", "ETag=\"x\"|Vary=%{V, %{V", false },
	{ "Header edit* Vary [ab] 5%\n", "ETag=\"x\"|Vary=5%, 5%", false },
	{ "Header edit* Vary [ab] %%%x\n", "ETag=\"x\"|Vary=%%x, %%x", false },
	/* the type itself before its kind before the default, the later before
	 * the earlier, the inner level before all */
	{ "ExpiresActive On\nExpiresDefault A1\nExpiresByType text/* A2\n"
	    "ExpiresByType text/plain A3\nExpiresByType Text/Plain A4\n"
	    "ExpiresByType text/* A5\nHeader unset Expires\n",
	    "ETag=\"x\"|Vary=a, b|Cache-Control=max-age=4", false },
	{ "ExpiresActive On\nExpiresByType text/plain A3\nExpiresByType "
	    "text/html A9\n<Location />\nExpiresByType text/* A5\n"
	    "ExpiresDefault A7\nHeader unset Expires\n</Location>\n",
	    "ETag=\"x\"|Vary=a, b|Cache-Control=max-age=3", false },
	{ "ExpiresActive On\nExpiresByType text/* A3\n<Location />\n"
	    "ExpiresByType text/* A5\nExpiresByType text/x A7\n"
	    "Header unset Expires\n</Location>\n",
	    "ETag=\"x\"|Vary=a, b|Cache-Control=max-age=5", false },
};

static void
plan(const char *conf_text)
{
	static char text[4096];
	const struct conf *conf;

	ht_files_n = 0;
	ht_add("/www", NULL);
	ht_add("/www/a.txt", "a");
	(void)snprintf(text, sizeof(text), "DocumentRoot /www\n%s",
	    conf_text);
	conf = ht_load(text);
	ck_assert_msg(conf != NULL, "%s", ht_text);
	(void)ht_plan(conf, "GET /a.txt", "X-Echo: back\r\nX-Old: o\r\n"
	    "X-Two: a\r\nX-Two: b\r\nKeep-Alive: 5\r\n");
}

START_TEST(edits)
{
	char got[1024] = "";
	struct resp resp;
	size_t n = 0;

	plan(cases[_i].conf);
	resp_init(&resp, cases[_i].is_built_in ? 404 : 200);
	ck_assert_msg(resp_add(&resp, STR("ETag"), STR("\"x\"")) &&
	    resp_add(&resp, STR("Vary"), STR("a, b")), "add");
	hdrmod_apply(&ht_in, &ht_route, &ht_work, &resp,
	    cases[_i].is_built_in, STR("text/plain"), &ht_turn);
	for (unsigned i = 0; i < resp.fields_n; i++)
		n += (size_t)snprintf(got + n, sizeof(got) - n,
		    "%s%.*s=%.*s", i > 0 ? "|" : "",
		    STR_ARG(resp.fields[i].name),
		    STR_ARG(resp.fields[i].value));
	ck_assert_msg(strcmp(got, cases[_i].want) == 0, "%s: %s",
	    cases[_i].conf, got);
}
END_TEST

START_TEST(a_value_of_many_edits)
{
	for (unsigned n = 256; n <= 257; n++) {
		static char line[400];
		struct resp resp;

		(void)snprintf(line, sizeof(line), "Header edit* X a b\n");
		plan(line);
		memset(line, 'a', n);
		resp_init(&resp, 200);
		ck_assert_msg(resp_add(&resp, STR("X"), str_make(line, n)), "add");
		hdrmod_apply(&ht_in, &ht_route, &ht_work, &resp, false,
		    STR("text/plain"), &ht_turn);
		ck_assert_int_eq(resp_get(&resp, STR("X")).p[n - 1],
		    n > 256 ? 'a' : 'b');
	}
}
END_TEST

START_TEST(request_fields)
{
	plan("RequestHeader set Added by-server\nRequestHeader unset X-Old\n"
	    "RequestHeader append X-Echo more\n"
	    "RequestHeader edit X-Echo back forth\n");
	hdrmod_request(&ht_in, &ht_route, &ht_work, &ht_req, &ht_turn);
	ck_assert_msg(str_eq(req_get(&ht_req, STR("Added")),
	    STR("by-server")), "set");
	ck_assert_msg(req_get(&ht_req, STR("X-Old")).p == NULL, "unset");
	ck_assert_msg(str_eq(req_get(&ht_req, STR("X-Echo")),
	    STR("forth, more")), "edit");
}
END_TEST

/* what a field of the request is afterwards; NULL: gone */
static const struct {
	const char *conf, *name, *value;
} asked[] = {
	{ "RequestHeader setifempty X-Echo z\n", "X-Echo", "back" },
	{ "RequestHeader setifempty X-New z\n", "X-New", "z" },
	{ "RequestHeader merge X-Echo back\n", "X-Echo", "back" },
	{ "RequestHeader merge X-Echo more\n", "X-Echo", "back, more" },
	{ "RequestHeader merge X-New more\n", "X-New", "more" },
	{ "RequestHeader append X-New more\n", "X-New", "more" },
	{ "RequestHeader add X-Echo more\n", "X-Echo", "back" },
	{ "RequestHeader edit X-None a b\n", "X-None", NULL },
	{ "RequestHeader edit X-Echo nomatch b\n", "X-Echo", "back" },
	{ "RequestHeader edit* X-Echo [a-z] x\n", "X-Echo", "xxxx" },
	{ "RequestHeader set X-New %t\n", "X-New", "t=1402403700000000" },
	{ "RequestHeader set X-New a%%b\n", "X-New", "a%b" },
	{ "RequestHeader set X-New %{HTTPS}s\n", "X-New", "(null)" },
	{ "RequestHeader set X-New v env=NONE\n", "X-New", NULL },
	{ "RequestHeader append X-Two c\n", "X-Two", "a, b, c" },
	{ "RequestHeader merge X-Two b\n", "X-Two", "a" },
	{ "RequestHeader edit* X-Two [ab] <$0>\n", "X-Two", "<a>, <b>" },
	{ "RequestHeader set X-New v env=!NONE\n", "X-New", "v" },
};

START_TEST(fields_of_the_request)
{
	struct str got;

	plan(asked[_i].conf);
	hdrmod_request(&ht_in, &ht_route, &ht_work, &ht_req, &ht_turn);
	got = req_get(&ht_req, str_of(asked[_i].name));
	ck_assert_msg(asked[_i].value == NULL ? got.p == NULL :
	    str_eq(got, str_of(asked[_i].value)), "%s: %.*s", asked[_i].conf,
	    STR_ARG(got));
}
END_TEST

/* A rule that finds no memory leaves the field as it was: all or nothing. */
START_TEST(little_memory_leaves_fields_alone)
{
	for (size_t size = 0; size < 600; size++) {
		struct str value;
		struct resp resp;

		plan("Header edit Vary a %t\nHeader edit* Vary a <$0$0$0>\nHeader append ETag z\n"
		    "Header set X %{V}e\nExpiresActive On\nExpiresDefault A1\n"
		    "RequestHeader edit X-Two a <$0>\n"
		    "RequestHeader append X-Two c\nRequestHeader set X-New n\n");
		arena_init(&ht_turn, ht_turn_mem, size);
		resp_init(&resp, 200);
		ck_assert_msg(resp_add(&resp, STR("Vary"), STR("a")) &&
		    resp_add(&resp, STR("ETag"), STR("y")), "add");
		hdrmod_apply(&ht_in, &ht_route, &ht_work, &resp, false,
		    STR("text/plain"), &ht_turn);
		value = resp_get(&resp, STR("Vary"));
		ck_assert_msg(str_eq(value, STR("a")) || str_starts(value,
		    STR("t=")) || str_eq(value, STR("<aaa>")), "%zu: %.*s", size,
		    STR_ARG(value));
		value = resp_get(&resp, STR("ETag"));
		ck_assert_msg(str_eq(value, STR("y")) ||
		    str_eq(value, STR("y, z")), "%zu: %.*s", size,
		    STR_ARG(value));
		hdrmod_request(&ht_in, &ht_route, &ht_work, &ht_req, &ht_turn);
		value = req_get(&ht_req, STR("X-Two"));
		ck_assert_msg(str_starts(value, STR("a")) ||
		    str_starts(value, STR("<a>, b")), "%zu: %.*s", size,
		    STR_ARG(value));
	}
}
END_TEST

START_TEST(too_long_a_value_changes_nothing)
{
	static char line[8100];
	static char fields[8200];
	const struct conf *conf;
	struct str value;

	memset(line, 'x', sizeof(line) - 1);
	(void)snprintf(fields, sizeof(fields), "X-Long: %s\r\n", line);
	conf = ht_load("RequestHeader append X-Long "
	    "1234567890123456789012345678901234567890123456789012345678901234567890"
	    "12345678901234567890123456789012345678901234567890\n");
	ck_assert_msg(conf != NULL, "%s", ht_text);
	(void)ht_plan(conf, "GET /a.txt", fields);
	hdrmod_request(&ht_in, &ht_route, &ht_work, &ht_req, &ht_turn);
	value = req_get(&ht_req, STR("X-Long"));
	ck_assert_int_eq((int)value.len, (int)sizeof(line) - 1);
}
END_TEST

/* how long a request took, and no date of a file for what is none */
START_TEST(clocks)
{
	struct resp resp;

	plan("Header set X %D\nExpiresActive On\nExpiresDefault M1\n");
	ht_in.start_mono_ns = ht_now.mono_ns - 5000;
	ht_route.kind = ROUTE_LIST;
	resp_init(&resp, 200);
	hdrmod_apply(&ht_in, &ht_route, &ht_work, &resp, false, STR("text/html"),
	    &ht_turn);
	ck_assert_msg(str_eq(resp_get(&resp, STR("X")), STR("D=5")), "%%D");
	ck_assert_msg(resp_get(&resp, STR("Expires")).p == NULL, "Expires");
	/* a script's own stays */
	ht_route.kind = ROUTE_FILE;
	ck_assert_msg(resp_add(&resp, STR("Expires"), STR("0")), "add");
	hdrmod_apply(&ht_in, &ht_route, &ht_work, &resp, false, STR("text/html"),
	    &ht_turn);
	ck_assert_msg(str_eq(resp_get(&resp, STR("Expires")), STR("0")), "own");
}
END_TEST

START_TEST(notes_reach_the_log)
{
	struct resp resp;

	plan("Header note Vary seen\n");
	resp_init(&resp, 200);
	ck_assert_msg(resp_add(&resp, STR("Vary"), STR("v")), "add");
	hdrmod_apply(&ht_in, &ht_route, &ht_work, &resp, false, STR(""),
	    &ht_turn);
	ck_assert_msg(str_eq(env_get(&ht_route.env, STR("seen")), STR("v")),
	    "note");
}
END_TEST

T_MAIN("httpd_hdrmod")
{
	T_LOOP(edits, 0, (int)(sizeof(cases) / sizeof(*cases)));
	T_ADD(a_value_of_many_edits);
	T_ADD(request_fields);
	T_LOOP(fields_of_the_request, 0,
	    (int)(sizeof(asked) / sizeof(*asked)));
	T_ADD(little_memory_leaves_fields_alone);
	T_ADD(too_long_a_value_changes_nothing);
	T_ADD(clocks);
	T_ADD(notes_reach_the_log);
}
