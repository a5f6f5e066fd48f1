/* SPDX-License-Identifier: ISC */
/*
 * Rules that look at a request: SetEnvIf and its kin, <If>, Require, merging
 * of sections, handlers, the less usual ways of routing.
 */
#include "tests/unit/ht.h"

#define WWW "DocumentRoot /www\n<Directory />\n Require all granted\n" \
	"</Directory>\n"

#define PASSWORDS(file) "<Location />\nAuthType Basic\nAuthName x\n" \
	"AuthUserFile " file "\nRequire valid-user\n</Location>\n"
#define REMOTE(trusted, client) "RemoteIPHeader X-F\n" \
	"RemoteIPInternalProxy " trusted "\n<Location />\nRequire ip " client \
	"\n</Location>\n"

static void
files(void)
{
	ht_files_n = 0;
	ht_add("/", NULL);
	ht_add("/www", NULL);
	ht_add("/www/a.txt", "a\n");
	ht_add("/www/c.cgi", "#!\n");
	ht_add("/www/d", NULL);
	ht_add("/www/d/index.html", "i\n");
	ht_add("/www/d/x.asis", "Status: 200\n\n");
	ht_add("/www/e", NULL);
	ht_add("/www/nf.html", "nf\n");
	ht_add("/srv/pw", "a:Xb\n");
}

static const struct route *
plan(const char *more, const char *line, const char *fields)
{
	char text[4096];
	const struct conf *conf;

	files();
	(void)snprintf(text, sizeof(text), "%s%s", WWW, more);
	conf = ht_load(text);
	ck_assert_msg(conf != NULL, "%s\n%s", more, ht_text);
	return ht_plan(conf, line, fields);
}

/* the variable V afterwards; NULL: not set */
static const struct {
	const char *conf, *line, *fields, *value;
} vars[] = {
	{ "SetEnv V w\n", "GET /a.txt", "", "w" },
	{ "SetEnv V\n", "GET /a.txt", "", "" },
	{ "PassEnv FROM_ENV\nSetEnvIf FROM_ENV . V\n", "GET /a.txt", "", NULL },
	/* UnsetEnv undoes SetEnv, and nothing else */
	{ "SetEnvIf Host . V=if\nSetEnv V w\n<Location /a.txt>\nUnsetEnv V\n"
	    "</Location>\n", "GET /a.txt", "", "if" },
	{ "SetEnv V w\nUnsetEnv V\nSetEnv V x\n", "GET /a.txt", "", "x" },
	{ "SetEnv V w\nUnsetEnv W\n", "GET /a.txt", "", "w" },
	{ "SetEnv V w\n<Location /a.txt>\nUnsetEnv V\n</Location>\n",
	    "GET /a.txt", "", NULL },
	{ "SetEnvIf Request_URI ^/a V=uri\n", "GET /a.txt", "", "uri" },
	{ "SetEnvIf Request_Method GET V\n", "GET /a.txt", "", "1" },
	{ "SetEnvIf Request_Method GET V\n", "HEAD /a.txt", "", NULL },
	{ "SetEnvIf Request_Protocol HTTP/1\\.1 V=11\n", "GET /a.txt", "", "11" },
	{ "SetEnvIf Remote_Addr \"^10\\.0\\.0\\.99$\" V=me\n", "GET /a.txt", "",
	    "me" },
	{ "SetEnvIf Server_Addr \"^10\\.0\\.0\\.1$\" V=it\n", "GET /a.txt", "",
	    "it" },
	{ "SetEnvIf X-One (.)(.) V=$2$1\n", "GET /a.txt", "X-One: ab\r\n",
	    "ba" },
	/* one field that came in pieces is one text */
	{ "SetEnvIf X-One b V\n", "GET /a.txt", "X-One: a\r\nX-One: b\r\n", "1" },
	{ "SetEnvIf X-One ^b V\n", "GET /a.txt", "X-One: a\r\nX-One: b\r\n",
	    NULL },
	{ "SetEnvIf ^X-O \"^a, b, c$\" V\n", "GET /a.txt", "X-One: a\r\n"
	    "X-One: b\r\nX-One: c\r\n", "1" },
	{ "SetEnvIf ^X-O z V=re\n", "GET /a.txt", "X-Two: z\r\nX-One: z\r\n",
	    "re" },
	{ "SetEnvIf ^X-O z V=re\n", "GET /a.txt", "X-Two: z\r\n", NULL },
	{ "SetEnvIf ^X-O z V=re\n", "GET /a.txt", "X-One: a\r\nX-Oz: z\r\n",
	    "re" },
	{ "SetEnvIf X-None ^$ V=none\n", "GET /a.txt", "", "none" },
	{ "SetEnvIf X-One A V\n", "GET /a.txt", "X-One: a\r\n", NULL },
	{ "SetEnvIfNoCase X-One A V\n", "GET /a.txt", "X-One: a\r\n", "1" },
	{ "SetEnvIf Host . V=x\nSetEnvIf Request_URI . !V\n", "GET /a.txt", "",
	    NULL },
	{ "SetEnvIf Host . A=x\nSetEnvIf A x V=chained\n", "GET /a.txt", "",
	    "chained" },
	{ "BrowserMatch curl V=c !W\n", "GET /a.txt", "User-Agent: curl/7\r\n",
	    "c" },
	{ "BrowserMatchNoCase CURL V\n", "GET /a.txt", "User-Agent: curl/7\r\n",
	    "1" },
};

START_TEST(variables)
{
	const struct route *r = plan(vars[_i].conf, vars[_i].line,
	    vars[_i].fields);
	char got[256];

	if (vars[_i].value == NULL) {
		ck_assert_msg(!env_has(&r->env, STR("V")), "%s: %.*s",
		    vars[_i].conf, STR_ARG(env_get(&r->env, STR("V"))));
		return;
	}
	ck_assert_msg(env_has(&r->env, STR("V")), "%s: not set", vars[_i].conf);
	(void)snprintf(got, sizeof(got), "%.*s",
	    STR_ARG(env_get(&r->env, STR("V"))));
	ck_assert_str_eq(got, vars[_i].value);
}
END_TEST

/* what an <If> holds for: the file is refused then */
static const struct {
	const char *expr, *line, *fields;
	bool holds;
} ifs[] = {
	{ "%{HTTP_REFERER} == 'v'", "GET /a.txt", "Referer: v\r\n", true },
	{ "%{HTTP_REFERER} == 'v'", "GET /a.txt", "", false },
	{ "%{HTTP:X-One} == 'v'", "GET /a.txt", "X-One: v\r\n", true },
	{ "%{HTTP:X-One} == 'v, w'", "GET /a.txt", "X-One: v\r\nX-One: w\r\n",
	    true },
	{ "req('X-One') == 'v, w'", "GET /a.txt", "X-One: v\r\nX-One: w\r\n",
	    true },
	{ "%{QUERY_STRING} == 'q=1'", "GET /a.txt?q=1", "", true },
	{ "%{REQUEST_METHOD} == 'HEAD'", "HEAD /a.txt", "", true },
	{ "%{REQUEST_URI} == '/a.txt'", "GET /a.txt", "", true },
	{ "%{REQUEST_FILENAME} == '/www/a.txt'", "GET /a.txt", "", true },
	{ "%{SCRIPT_FILENAME} == '/www/a.txt'", "GET /a.txt", "", true },
	{ "%{THE_REQUEST} == 'GET /a.txt HTTP/1.1'", "GET /a.txt", "", true },
	{ "%{SERVER_PROTOCOL} == 'HTTP/1.1'", "GET /a.txt", "", true },
	{ "%{SERVER_NAME} == 'a.example'", "GET /a.txt", "", true },
	{ "%{DOCUMENT_ROOT} == '/www'", "GET /a.txt", "", true },
	{ "%{REMOTE_ADDR} == '10.0.0.99'", "GET /a.txt", "", true },
	{ "%{REQUEST_SCHEME} == 'http'", "GET /a.txt", "", true },
	{ "%{HTTPS} == 'off'", "GET /a.txt", "", true },
	{ "%{REQUEST_SCHEME} == 'https'", "GET /a.txt", "", false },
	{ "%{PATH_INFO} == ''", "GET /a.txt", "", true },
	{ "-R '10.0.0.0/8'", "GET /a.txt", "", true },
	{ "-R '10.1.0.0/16'", "GET /a.txt", "", false },
	{ "-R 'nonsense'", "GET /a.txt", "", false },
	{ "reqenv('V') == 'w'", "GET /a.txt", "", true },
	{ "%{ENV:V} == 'w'", "GET /a.txt", "", true },
	{ "%{ENV:W} == 'w'", "GET /a.txt", "", false },
};

START_TEST(conditions)
{
	char text[1024];
	const struct route *r;

	(void)snprintf(text, sizeof(text), "ServerName srv.example\n"
	    "SetEnvIf Host . V=w\n<If \"%s\">\nRequire all denied\n</If>\n",
	    ifs[_i].expr);
	r = plan(text, ifs[_i].line, ifs[_i].fields);
	ck_assert_msg((r->kind == ROUTE_ERROR && r->status == 403) ==
	    ifs[_i].holds, "%s: kind %d status %d", ifs[_i].expr, (int)r->kind,
	    (int)r->status);
}
END_TEST

/* who gets in: status */
static const struct {
	const char *conf, *line, *fields;
	int status;
} doors[] = {
	{ "<Location />\nRequire method POST\n</Location>\n", "GET /a.txt", "",
	    403 },
	{ "<Location />\nRequire method GET HEAD\n</Location>\n", "HEAD /a.txt",
	    "", 200 },
	{ "<Location />\nRequire env OK\n</Location>\nSetEnvIf Host . OK\n",
	    "GET /a.txt", "", 200 },
	{ "<Location />\nRequire env OK\n</Location>\n", "GET /a.txt", "", 403 },
	{ "<Location />\nRequire local\n</Location>\n", "GET /a.txt", "", 403 },
	{ "<Location />\nRequire ip 10.0.0\n</Location>\n", "GET /a.txt", "",
	    200 },
	{ "<Location />\n<RequireAll>\nRequire all granted\nRequire not ip "
	    "10.0.0.99\n</RequireAll>\n</Location>\n", "GET /a.txt", "", 403 },
	{ "<Location />\n<RequireAll>\n<RequireNone>\nRequire ip 10.9\n"
	    "</RequireNone>\nRequire all granted\n</RequireAll>\n</Location>\n",
	    "GET /a.txt", "", 200 },
	{ "<Location />\nOrder deny,allow\nDeny from all\nAllow from env=!BAD\n"
	    "</Location>\n", "GET /a.txt", "", 200 },
	{ "<Location />\nOrder deny,allow\nDeny from all\nAllow from env=GOOD\n"
	    "</Location>\n", "GET /a.txt", "", 403 },
	{ "<Location />\nOrder allow,deny\nAllow from 10.0.0.0/24\nDeny from "
	    "10.0.0.99\n</Location>\n", "GET /a.txt", "", 403 },
	{ "<Location />\nOrder mutual-failure\nAllow from 10\nDeny from 11\n"
	    "</Location>\n", "GET /a.txt", "", 200 },
	{ "<Location />\nOrder mutual-failure\nAllow from 10\nDeny from 10.0\n"
	    "</Location>\n", "GET /a.txt", "", 403 },
	{ "<Location />\n<Limit POST>\nOrder allow,deny\n</Limit>\n"
	    "</Location>\n", "GET /a.txt", "", 200 },
	{ "<Location />\n<Limit GET>\nOrder allow,deny\n</Limit>\n"
	    "</Location>\n", "GET /a.txt", "", 403 },
	{ "<Location />\nAuthType Basic\nAuthName x\n<RequireAll>\n"
	    "Require valid-user\nRequire ip 10\nRequire ip 10.0\n</RequireAll>\n"
	    "</Location>\n", "GET /a.txt", "", 401 },
	{ "<Location />\nAuthType Basic\nAuthName x\nRequire valid-user\n"
	    "Require ip 11\nRequire ip 12\n</Location>\n", "GET /a.txt", "", 401 },
	{ "<Location />\nRequire ip 11\nRequire ip 12\n</Location>\n",
	    "GET /a.txt", "", 403 },
	{ "<Location />\n<RequireAll>\nRequire ip 10\nRequire ip 10.0\n"
	    "</RequireAll>\n</Location>\n", "GET /a.txt", "", 200 },
	{ "<Location />\nOrder mutual-failure\nDeny from 11\n</Location>\n",
	    "GET /a.txt", "", 403 },
	{ "<Location />\nOrder allow,deny\nAllow from pc.example\n</Location>\n",
	    "GET /a.txt", "", 403 },
	{ "<Directory /www>\nAuthMerging Or\nRequire ip 10\n</Directory>\n"
	    "<Directory /www/d>\nAuthMerging Or\nRequire all denied\n"
	    "</Directory>\n", "GET /d/", "", 200 },
	{ "<Directory /www>\nRequire ip 10\n</Directory>\n<Directory /www/d>\n"
	    "AuthMerging And\nRequire all denied\n</Directory>\n", "GET /d/", "",
	    403 },
	{ "<Directory /www>\nRequire ip 11\n</Directory>\n<Directory /www/d>\n"
	    "AuthMerging Off\nRequire all granted\n</Directory>\n", "GET /d/",
	    "", 200 },
	{ "<Location /a.txt>\nAllowMethods POST\n</Location>\n", "GET /a.txt",
	    "", 405 },
	{ "<Location /a.txt>\nAllowMethods reset\n</Location>\n", "GET /a.txt",
	    "", 200 },
	{ "", "OPTIONS *", "", 200 },
	{ "FallbackResource nf.html\n", "GET /none", "", 200 },
	{ "FallbackResource /none2\n", "GET /none", "", 404 },
	{ "DirectoryIndex /nf.html\n", "GET /d/", "", 200 },
	{ "DirectoryIndex index.html\nDirectoryIndexRedirect on\n", "GET /d/",
	    "", 302 },
	{ "DirectoryIndex index.html\nDirectoryIndexRedirect 307\n",
	    "GET /d/?q", "", 307 },
	{ "SetEnvIf Host . redirect-carefully\n", "GET /d", "", 301 },
	{ "SetEnvIf Host . redirect-carefully\n", "OPTIONS /d", "", 200 },
	{ "<Files *.asis>\nSetHandler send-as-is\n</Files>\n", "GET /d/x.asis",
	    "", 200 },
	{ "AddHandler send-as-is .asis\n", "GET /d/x.asis", "", 200 },
	{ "AddHandler cgi-script .cgi\n", "GET /c.cgi", "", 403 },
	{ "AddHandler cgi-script .cgi\n<Directory /www>\nOptions +ExecCGI\n"
	    "</Directory>\n", "GET /c.cgi/more", "", 200 },
	{ "AddHandler cgi-script .cgi\n<Directory /www>\nOptions +ExecCGI\n"
	    "AcceptPathInfo Off\n</Directory>\n", "GET /c.cgi/more", "", 404 },
	{ "SetHandler cgi-script\n<Directory /www>\nOptions +ExecCGI\n"
	    "</Directory>\n", "GET /e/", "", 403 },
	{ "<Location /s>\nSetHandler server-status\n</Location>\n", "GET /s", "",
	    200 },
	{ "<Location /s>\nSetHandler server-status\n</Location>\n", "POST /s",
	    "Content-Length: 0\r\n", 405 },
	{ "<Location /s>\nSetHandler server-status\n</Location>\n", "OPTIONS /s",
	    "", 200 },
	{ "AddHandler server-status .txt\n", "GET /a.txt", "", 200 },
	/* asking for a password needs all of it */
	{ "<Location />\nAuthType Basic\nRequire valid-user\n</Location>\n",
	    "GET /a.txt", "", 500 },
	{ "<Location />\nAuthName x\nRequire valid-user\n</Location>\n",
	    "GET /a.txt", "", 500 },
	{ PASSWORDS("/none"), "GET /a.txt", "", 401 },
	{ PASSWORDS("/none"), "GET /a.txt", "Authorization: Basic YTpi\r\n", 500 },
	{ PASSWORDS("/srv/pw"), "GET /a.txt", "Authorization: Basic YTpi\r\n",
	    200 },
	{ PASSWORDS("/srv/pw"), "GET /a.txt", "Authorization: Basic YTpj\r\n",
	    401 },
	{ PASSWORDS("/srv/pw"), "GET /a.txt", "Authorization: Bearer x\r\n", 401 },
	{ PASSWORDS("/srv/pw"), "GET /a.txt", "Authorization: Basic !\r\n", 401 },
	{ "<Location />\nAuthType Basic\nAuthName x\nRequire valid-user\n"
	    "</Location>\n", "GET /a.txt", "Authorization: Basic YTpi\r\n", 500 },
	{ PASSWORDS("/srv/pw") "<Location />\nRequire group g\n</Location>\n",
	    "GET /a.txt", "Authorization: Basic YTpi\r\n", 401 },
	{ PASSWORDS("/srv/pw") "<Location />\nSatisfy any\nOrder allow,deny\n"
	    "Allow from 10\n</Location>\n", "GET /a.txt", "", 200 },
	/* the address that a proxy tells, as far as it is trusted */
	{ REMOTE("10.0.0.99", "192.0.2.7"), "GET /a.txt", "X-F: 192.0.2.7\r\n",
	    200 },
	{ REMOTE("10.0.0.98", "192.0.2.7"), "GET /a.txt", "X-F: 192.0.2.7\r\n",
	    403 },
	{ REMOTE("10.0.0.0/24", "192.0.2.7"), "GET /a.txt",
	    "X-F: 192.0.2.7, 10.0.0.5\r\n", 200 },
	{ REMOTE("10.0.0.99", "192.0.2.7"), "GET /a.txt",
	    "X-F: 192.0.2.7, 10.0.0.5\r\n", 403 },
	/* in two lines: the client's own and the proxy's behind it */
	{ REMOTE("10.0.0.99", "192.0.2.7"), "GET /a.txt",
	    "X-F: 192.0.2.7\r\nX-F: 192.0.2.66\r\n", 403 },
	{ REMOTE("10.0.0.99", "192.0.2.66"), "GET /a.txt",
	    "X-F: 192.0.2.7\r\nX-F: 192.0.2.66\r\n", 200 },
	{ REMOTE("10.0.0.99", "10.0.0.99"), "GET /a.txt", "X-F: nonsense\r\n",
	    200 },
	{ REMOTE("10.0.0.99", "10.0.0.99"), "GET /a.txt", "", 200 },
	{ "ServerName https://s.example\n<If \"%{REQUEST_SCHEME} == 'https'\">\n"
	    "Require all denied\n</If>\n", "GET /a.txt", "", 403 },
	{ "RedirectMatch 404 ^/a\n", "GET /a.txt", "", 404 },
	{ "RedirectTemp /a.txt http://b/\n", "GET /a.txt", "", 302 },
	{ "RedirectPermanent /a.txt http://b/\n", "GET /a.txt", "", 301 },
	{ "Redirect seeother /a.txt http://b/\n", "GET /a.txt", "", 303 },
};

START_TEST(who_gets_in)
{
	const struct route *r = plan(doors[_i].conf, doors[_i].line,
	    doors[_i].fields);

	ck_assert_msg((int)r->status == doors[_i].status,
	    "%s under\n%s: %d, not %d (%s)", doors[_i].line, doors[_i].conf,
	    (int)r->status, doors[_i].status, r->log_text);
}
END_TEST

/* A turn whose memory ends anywhere: 500, or as ever; nobody gets in by it. */
START_TEST(little_memory_opens_no_door)
{
	size_t need;

	(void)plan(doors[_i].conf, doors[_i].line, doors[_i].fields);
	need = ht_turn.len;
	for (size_t size = 1; size < need; size += 37) {
		const struct route *r;

		arena_init(&ht_turn, ht_turn_mem, size);
		route_plan(&ht_in, &ht_fs, &ht_work, &ht_turn, &ht_route);
		r = &ht_route;
		ck_assert_msg(r->status == 500 || r->status == 403 ||
		    (int)r->status == doors[_i].status,
		    "%zu of %zu: %s under\n%s: %d, not %d", size, need,
		    doors[_i].line, doors[_i].conf, (int)r->status,
		    doors[_i].status);
	}
}
END_TEST

/* which name a redirect to this server gives it */
static const struct {
	const char *conf, *fields, *location;
} selves[] = {
	{ "", "", "http://a.example/x" },
	{ "ServerName srv.example\nUseCanonicalName On\n", "",
	    "http://srv.example/x" },
	{ "ServerName srv.example:8080\nUseCanonicalName On\n", "",
	    "http://srv.example:8080/x" },
	{ "ServerName http://srv.example\nUseCanonicalName On\n", "",
	    "http://srv.example/x" },
	{ "ServerName https://srv.example\nUseCanonicalName On\n", "",
	    "https://srv.example/x" },
	{ "ServerName https://srv.example:80\nUseCanonicalName On\n", "",
	    "https://srv.example:80/x" },
	{ "ServerName https://srv.example\n", "", "https://a.example/x" },
};

START_TEST(names_of_ourselves)
{
	char text[512];
	const struct route *r;

	(void)snprintf(text, sizeof(text), "%sRedirect /r /x\n", selves[_i].conf);
	r = plan(text, "GET /r", selves[_i].fields);
	ck_assert_int_eq((int)r->status, 302);
	(void)snprintf(text, sizeof(text), "%.*s", STR_ARG(r->location));
	ck_assert_str_eq(text, selves[_i].location);
}
END_TEST

/* is a name shown in the listing of /d/? */
START_TEST(forbidden_names_are_not_listed)
{
	const struct route *r = plan("DirectoryIndex disabled\n<Directory /www>\n"
	    "Options +Indexes\n</Directory>\n<Files secret>\nRequire all denied\n"
	    "</Files>\n<Location /d/sub>\nRequire all denied\n</Location>\n",
	    "GET /d/", "");
	static struct route_work work;
	static uint8_t mem[4 << 20];
	bool is_sure;

	ck_assert_int_eq(r->kind, ROUTE_LIST);
	ht_add("/www/d/secret", "s\n");
	ht_add("/www/d/sub", NULL);
	route_work_init(&work, mem, sizeof(mem));
	ck_assert_msg(route_visible(&ht_in, &ht_fs, &work, &ht_turn, r,
	    STR("index.html"), false, &is_sure) && is_sure, "a file");
	ck_assert_msg(!route_visible(&ht_in, &ht_fs, &work, &ht_turn, r,
	    STR("secret"), false, &is_sure) && is_sure, "a secret");
	ck_assert_msg(!route_visible(&ht_in, &ht_fs, &work, &ht_turn, r,
	    STR("sub"), true, &is_sure) && is_sure, "a directory");
	ck_assert_msg(route_visible(&ht_in, &ht_fs, &work, &ht_turn, r,
	    STR("gone"), false, &is_sure) && is_sure,
	    "a name that is no file any more");
	ht_files[ht_files_n - 1].err = -EIO;
	ck_assert_msg(!route_visible(&ht_in, &ht_fs, &work, &ht_turn, r,
	    STR("sub"), true, &is_sure) && !is_sure, "a disk that fails");
	ht_files[ht_files_n - 1].err = -EACCES;
	ck_assert_msg(!route_visible(&ht_in, &ht_fs, &work, &ht_turn, r,
	    STR("sub"), true, &is_sure) && is_sure, "a closed directory");
	/* without memory to find out, it is not shown */
	for (size_t size = 0; size < 8192; size += 4) {
		arena_init(&ht_turn, ht_turn_mem, size);
		ck_assert_msg(!route_visible(&ht_in, &ht_fs, &work, &ht_turn, r,
		    STR("secret"), false, &is_sure), "%zu", size);
		ck_assert_msg(size > 256 || !is_sure, "%zu", size);
	}
}
END_TEST

T_MAIN("httpd_rules") {
	T_LOOP(variables, 0, (int)ARRAY_LEN(vars));
	T_LOOP(conditions, 0, (int)ARRAY_LEN(ifs));
	T_LOOP(who_gets_in, 0, (int)ARRAY_LEN(doors));
	T_LOOP(little_memory_opens_no_door, 0, (int)ARRAY_LEN(doors));
	T_LOOP(names_of_ourselves, 0, (int)ARRAY_LEN(selves));
	T_ADD(forbidden_names_are_not_listed);
}
