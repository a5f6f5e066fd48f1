/* SPDX-License-Identifier: ISC */
/*
 * Routing, what stands around a plan: hosts and names, .htaccess, the memory
 * of merged sections, clients, texts of log, error documents.
 */

#include "tests/unit/rt.h"

#include "httpd/walk.h"

/* More sections than are remembered, and so many that their places collide. */
START_TEST(many_sections_hold)
{
	static char text[1 << 17];
	size_t n = 0;

	for (unsigned i = 0; i < ROUTE_NODES_MAX + 100; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n,
		    "<LocationMatch .>\nErrorDocument 404 \"%u\n"
		    "</LocationMatch>\n", i);
	files();
	const struct conf *conf = ht_load(text);

	ck_assert_msg(conf != NULL, "%s", ht_text);
	/* all under one level, then each alone */
	for (int again = 0; again < 2; again++) {
		const struct route *r = ht_plan(conf, "GET /none", "");

		ck_assert_str_eq(shown(r), "text 404 1123");
		ck_assert_msg(!r->is_static, "not remembered");
	}
	for (unsigned i = n = 0; i < 300; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "<Location "
		    "/%u>\nErrorDocument 404 \"%u\n</Location>\n", i, i);
	conf = ht_load(text);
	ck_assert_msg(conf != NULL, "%s", ht_text);
	for (unsigned i = 0; i < 600; i++) {
		char line[32], want[32];

		(void)snprintf(line, sizeof(line), "GET /%u", i % 300);
		(void)snprintf(want, sizeof(want), "text 404 %u", i % 300);
		ck_assert_str_eq(shown(ht_plan(conf, line, "")), want);
	}
}
END_TEST

/* A <Files> that does not fit into the list may be what refuses: 500. */
START_TEST(a_level_too_many_opens_no_door)
{
	static const char *const inner[] = { "Files a.txt", "If true" };

	for (size_t k = 0; k < ARRAY_LEN(inner); k++)
		for (unsigned levels = WALK_FILES_MAX - 1;
		    levels <= WALK_FILES_MAX; levels++) {
			static char text[8192];
			size_t n = 0;

			for (unsigned i = 1; i <= levels; i++)
				n += (size_t)snprintf(text + n, sizeof(text) - n,
				    "<DirectoryMatch ^/www/>\n<%s>\nRequire all "
				    "%s\n</%.*s>\n</DirectoryMatch>\n", inner[k],
				    i == levels ? "denied" : "granted",
				    (int)strcspn(inner[k], " "), inner[k]);
			ck_assert_str_eq(shown(ht_plan(load(text), "GET /a.txt",
			    "")), levels == WALK_FILES_MAX ? "error 500" :
			    "error 403");
		}
}
END_TEST

START_TEST(a_variable_too_many_opens_no_door)
{
	for (unsigned vars = ENV_MAX; vars <= ENV_MAX + 1; vars++) {
		static char text[8192];
		size_t n = 0;

		for (unsigned i = 1; i <= vars; i++)
			n += (size_t)snprintf(text + n, sizeof(text) - n,
			    "SetEnvIf Request_URI . V%u\n", i);
		snprintf(text + n, sizeof(text) - n,
		    "<Location />\nOrder allow,deny\nAllow from all\n"
		    "Deny from env=V%u\n</Location>\n", vars);
		ck_assert_str_eq(shown(ht_plan(load(text), "GET /a.txt",
		    "")), vars > ENV_MAX ? "error 500" : "error 403");
	}
}
END_TEST

/* Each variable of an expression, by the section that it opens. */
START_TEST(variables_have_values)
{
	static const struct {
		const char *name, *value;
	} vars[] = {
		{ "HTTP_ACCEPT", "*/*" }, { "HTTP_COOKIE", "c" },
		{ "HTTP_FORWARDED", "f" }, { "HTTP_HOST", "a.example:81" },
		{ "HTTP_PROXY_CONNECTION", "p" }, { "HTTP_REFERER", "r" },
		{ "HTTP_USER_AGENT", "u" },
		{ "AUTH_TYPE", "" }, { "REMOTE_USER", "" },
		{ "CONN_REMOTE_ADDR", "10.0.0.99" },
		{ "CONTEXT_DOCUMENT_ROOT", "/www" }, { "CONTEXT_PREFIX", "" },
		{ "DOCUMENT_ROOT", "/www" }, { "DOCUMENT_URI", "/sub/deep/x.cgi/i" },
		{ "HTTPS", "off" }, { "IPV6", "off" }, { "PATH_INFO", "/i" },
		{ "QUERY_STRING", "q=1" }, { "REMOTE_ADDR", "10.0.0.99" },
		{ "REMOTE_PORT", "4321" },
		{ "REQUEST_FILENAME", "/www/sub/deep/x.cgi" },
		{ "REQUEST_METHOD", "GET" }, { "REQUEST_SCHEME", "http" },
		{ "REQUEST_URI", "/sub/deep/x.cgi/i" },
		{ "SCRIPT_FILENAME", "/www/sub/deep/x.cgi" },
		{ "SERVER_ADMIN", "me@here" }, { "SERVER_NAME", "a.example" },
		{ "SERVER_PORT", "81" }, { "SERVER_PROTOCOL", "HTTP/1.1" },
		{ "THE_REQUEST", "GET /sub/deep/x.cgi/i?q=1 HTTP/1.1" },
		/* two hours east of Greenwich */
		{ "TIME", "20140610143500" }, { "TIME_YEAR", "2014" },
		{ "TIME_MON", "06" }, { "TIME_DAY", "10" }, { "TIME_HOUR", "14" },
		{ "TIME_MIN", "35" }, { "TIME_SEC", "00" }, { "TIME_WDAY", "2" },
		{ "env:V", "set" }, { "env:none", "" }, { "http:cookie", "c" },
	};
	char text[512];

	ht_host = "a.example:81";
	ht_utc_offset_s = 7200;
	for (size_t i = 0; i < ARRAY_LEN(vars); i++)
		for (int is_same = 0; is_same <= 1; is_same++) {
			(void)snprintf(text, sizeof(text), "ServerAdmin me@here\n"
			    "SetEnvIf Host . V=set\nErrorDocument 403 \"no\n"
			    "AcceptPathInfo On\nUseCanonicalName Off\n"
			    "<If \"!('%%{%s}' == '%s%s')\">\n"
			    "Require all denied\n</If>\n", vars[i].name,
			    vars[i].value, is_same ? "" : "x");
			ck_assert_msg(strcmp(shown(ht_plan(load(text),
			    "GET /sub/deep/x.cgi/i?q=1",
			    "Accept: */*\r\nCookie: c\r\nForwarded: f\r\n"
			    "Proxy-Connection: p\r\nReferer: r\r\n"
			    "User-Agent: u\r\n")), is_same ?
			    "file 200 /www/sub/deep/x.cgi" : "text 403 no") == 0,
			    "%s %s", text, shown(&ht_route));
		}
	ht_host = "a.example";
	ht_utc_offset_s = 0;
	/* IPv6 */
	(void)ht_plan(load("<If \"%{IPV6} == 'on'\">\nRequire all denied\n"
	    "</If>\n"), "GET /a.txt", "");
	ck_assert_msg(addr_parse(STR("::1"), &ht_in.local), "v6");
	route_plan(&ht_in, &ht_fs, &ht_work, &ht_turn, &ht_route);
	ck_assert_str_eq(shown(&ht_route), "error 403");
}
END_TEST

START_TEST(htaccess_is_read_where_allowed)
{
	const struct conf *conf = load("<Directory /www/ht>\nAllowOverride "
	    "AuthConfig Options=Indexes\n</Directory>\n");
	unsigned before = ht_reads_n;
	const struct route *r = ht_plan(conf, "GET /a.txt", "");

	ck_assert_int_eq((int)(ht_reads_n - before), 0);
	ck_assert_msg(r->is_static, "nothing varies");
	ht_add("/www/ht/.htaccess", "Require all denied\n");
	r = ht_plan(conf, "GET /ht/a.txt", "");
	ck_assert_str_eq(shown(r), "error 403");
	ht_files[ht_files_n - 1].text = "AddType text/x .txt\n";
	r = ht_plan(conf, "GET /ht/a.txt", "");
	ck_assert_str_eq(shown(r), "error 500");
	ck_assert_str_eq(r->log_text,
	    "/www/ht/.htaccess: AddType not allowed here");
	ht_files[ht_files_n - 1].text = "Options +ExecCGI\n";
	r = ht_plan(conf, "GET /ht/a.txt", "");
	ck_assert_str_eq(shown(r), "error 500");
	ht_files[ht_files_n - 1].text = "NoSuchThing\n";
	r = ht_plan(conf, "GET /ht/a.txt", "");
	ck_assert_str_eq(shown(r), "error 500");
	ht_files[ht_files_n - 1].text = "<Files a.txt>\nRequire all denied\n"
	    "</Files>\n";
	r = ht_plan(conf, "GET /ht/a.txt", "");
	ck_assert_str_eq(shown(r), "error 403");
	ht_files[ht_files_n - 1].text = "Options -Indexes\n";
	r = ht_plan(conf, "GET /ht/", "");
	ck_assert_str_eq(shown(r), "error 403");
}
END_TEST

/* what the peer takes there, even where it has no effect */
START_TEST(htaccess_takes_what_is_of_its_class)
{
	static const char *const lines[] = {
		"AliasPreservePath On\n", "QualifyRedirectURL On\n",
		"<If false>\nRedirect /b\nRedirect gone\n</If>\n",
		"RedirectRelative On\n",
	};
	const struct conf *conf;

	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		conf = load("<Directory /www>\nAllowOverride "
		    "FileInfo\n</Directory>\n");
		ht_add("/www/ht/.htaccess", lines[i]);
		ck_assert_str_eq(shown(ht_plan(conf, "GET /ht/a.txt", "")),
		    "file 200 /www/ht/a.txt");
		conf = load("<Directory /www>\nAllowOverride "
		    "Indexes\n</Directory>\n");
		ht_add("/www/ht/.htaccess", lines[i]);
		ck_assert_str_eq(shown(ht_plan(conf, "GET /ht/a.txt", "")),
		    "error 500");
	}
}
END_TEST

START_TEST(htaccess_of_each_level)
{
	static const struct {
		const char *override, *file, *text, *want;
		int err;
	} levels[] = {
		{ "AllowOverride All\n", "/none", "", "file 200 /www/ht/a.txt", 0 },
		{ "AllowOverride All\n", "/.htaccess", "Bogus\n", "error 500", 0 },
		{ "AllowOverride FileInfo\n", "/www/.htaccess",
		    "RedirectRelative On\n", "file 200 /www/ht/a.txt", 0 },
		{ "AllowOverride AuthConfig\n", "/www/.htaccess",
		    "AuthzSendForbiddenOnFailure On\n",
		    "file 200 /www/ht/a.txt", 0 },
		{ "AllowOverride None\n", "/www/.htaccess", "Bogus\n",
		    "file 200 /www/ht/a.txt", 0 },
		{ "AllowOverrideList Redirect Require\n", "/www/.htaccess",
		    "Require all denied\n", "error 403", 0 },
		{ "AllowOverrideList Redirect\n", "/www/.htaccess",
		    "AuthName x\n", "error 500", 0 },
		{ "AllowOverrideList Redirect\n", "/www/.htaccess",
		    "ServerSignature Off\n", "error 500", 0 },
		{ "AllowOverride AuthConfig\n", "/www/.htaccess",
		    "ServerSignature Off\n", "file 200 /www/ht/a.txt", 0 },
		{ "AllowOverride All\n", "/www/.htaccess", "<Files a.txt>\n"
		    "Require all denied\n</Files>\n", "error 403", 0 },
		{ "AllowOverride All\n", "/www/ht/.htaccess", "", "error 403",
		    -EACCES },
		{ "AllowOverride All\n", "/www/ht/.htaccess", "", "error 500",
		    -EIO },
		{ "AllowOverride All\n", "/www/ht/.htaccess", "",
		    "file 200 /www/ht/a.txt", -ENOTDIR },
		/* what a file outside of .htaccess may, and this may not */
		{ "AllowOverride All\n", "/www/ht/.htaccess", "ErrorDocument 404 "
		    "${FROM_ENV}\nPassEnv FROM_ENV\n<IfFile /www>\nBogus\n"
		    "</IfFile>\n", "file 200 /www/ht/a.txt", 0 },
		{ "AllowOverride All\n", "/www/ht/.htaccess", "AllowOverride None\n",
		    "error 500", 0 },
		{ "AllowOverride All\n", "/www/ht/.htaccess", "Require host a.b\n",
		    "error 403", 0 },
		{ "AllowOverride All\n", "/www/ht/.htaccess", "Order allow,deny\n"
		    "Allow from a.b\n", "error 403", 0 },
		{ "AllowOverride Nonfatal=All AuthConfig\n", "/www/ht/.htaccess",
		    "Bogus\nOptions None\nRequire all granted\n",
		    "file 200 /www/ht/a.txt", 0 },
		{ "AllowOverride Options=Indexes\n", "/www/ht/.htaccess",
		    "Options -ExecCGI\n", "file 200 /www/ht/a.txt", 0 },
		{ "AllowOverride Options=Indexes\n", "/www/ht/.htaccess",
		    "Options -Indexes +ExecCGI\n", "error 500", 0 },
		{ "AllowOverride FileInfo\n", "/www/ht/.htaccess",
		    "Redirect /ht/a.txt http://b/\n", "redirect 302 http://b/", 0 },
		/* the nearest that can be read */
		{ "AllowOverride All\nAccessFileName .first .second\n",
		    "/www/ht/.second", "Require all denied\n", "error 403", 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(levels); i++) {
		char text[512];
		const struct conf *conf;
		const char *server = strstr(levels[i].override, "AccessFile");

		(void)snprintf(text, sizeof(text), "%s<Directory />\n%.*s"
		    "</Directory>\n", server != NULL ? server : "",
		    (int)(server != NULL ? server - levels[i].override :
		    (ptrdiff_t)strlen(levels[i].override)), levels[i].override);
		conf = load(text);
		ht_add(levels[i].file, levels[i].text);
		ht_files[ht_files_n - 1].err = levels[i].err;
		ck_assert_str_eq(shown(ht_plan(conf, "GET /ht/a.txt", "")),
		    levels[i].want);
	}
}
END_TEST

static int
all_dirs(void *ctx, const char *path, bool nofollow, struct route_stat *ret)
{
	(void)ctx;
	(void)path;
	(void)nofollow;
	memset(ret, 0, sizeof(*ret));
	ret->type = ROUTE_DIR;
	return 0;
}

static int
no_file(void *ctx, const char *path, struct arena *a, struct str *ret)
{
	(void)ctx;
	(void)path;
	(void)a;
	(void)ret;
	return -ENOENT;
}

/* A directory whose .htaccess has no name that fits is closed. */
START_TEST(htaccess_of_a_long_name)
{
	const struct conf *conf = load("DirectoryIndex disabled\n"
	    "<Directory />\nAllowOverride All\n</Directory>\n");
	struct route_fs fs = ht_fs;

	fs.stat = all_dirs;
	fs.read = no_file;
	for (unsigned k = 0; k < 2; k++) {
		char path[ROUTE_PATH_MAX];
		size_t len = sizeof(path) - strlen("/www/.htaccess") + k;
		struct route r;

		(void)ht_plan(conf, "GET /", "");
		memset(path, 'x', len);
		path[0] = '/';
		path[len - 1] = '/';
		ht_in.path = str_make(path, len);
		route_plan(&ht_in, &fs, &ht_work, &ht_turn, &r);
		ck_assert_msg(r.status == (k == 0 ? 200 : 403), "%u: %u", k,
		    r.status);
	}
}
END_TEST

static const struct {
	const char *conf, *line, *fields, *want;
} log_texts[] = {
	{ "", "GET /none", "",
	    "AH00128: File does not exist: /www/none" },
	{ "", "GET /a.txt", "", "" },
	{ "AliasMatch ^/am(.*)$ /www/$1\n", "GET /am../a", "",
	    "path leaves its directory" },
	{ "DirectoryIndex a b\n<Location />\nOptions None\n"
	    "</Location>\n", "GET /empty/", "", "AH01276: Cannot serve "
	    "directory /www/empty/: No matching DirectoryIndex (a,b) "
	    "found, and server-generated directory index forbidden "
	    "by Options directive" },
	{ "", "GET /closed/s.txt", "", "AH00035: access to "
	    "/closed/s.txt denied (filesystem path "
	    "'/www/closed/s.txt') because search permissions are "
	    "missing on a component of the path" },
	/* the first missing name, also below the root */
	{ "<Directory />\nRequire all granted\n</Directory>\n"
	    "Alias /rt /\n", "GET /rt/m/n/o", "",
	    "AH00128: File does not exist: /m" },
	{ "", "GET /sub/m/n", "",
	    "AH00128: File does not exist: /www/sub/m" },
	{ "<Location />\nRequire all denied\n</Location>\n",
	    "GET /a.txt", "", "AH01630: client denied by server "
	    "configuration: /www/a.txt" },
	{ "<Location />\nOptions None\n</Location>\n",
	    "GET /empty/", "", "AH01276: Cannot serve directory "
	    "/www/empty/: No matching DirectoryIndex (index.html) "
	    "found, and server-generated directory index forbidden "
	    "by Options directive" },
	{ "<Directory /www>\nOptions None\n</Directory>\n",
	    "GET /link.txt", "", "AH00037: Symbolic link not allowed "
	    "or link target not accessible: /www/link.txt" },
	{ "<Location />\nAuthType Basic\nAuthName R\nAuthUserFile "
	    "passwd\nRequire valid-user\n</Location>\n",
	    "GET /a.txt",
	    "Authorization: Basic YWxpY2U6d3Jvbmc=\r\n",
	    "AH01617: user alice: authentication failure for "
	    "\"/a.txt\": Password Mismatch" },
	{ "<Location />\nAuthType Basic\nAuthName R\nAuthUserFile "
	    "passwd\nRequire valid-user\n</Location>\n",
	    "GET /a.txt", "Authorization: Basic DWI6d3Jvbmc=\r\n",
	    "AH01618: user \\015b not found: /a.txt" },
	{ "<Location />\nOrder allow,deny\n</Location>\n",
	    "GET /a.txt", "", "AH01797: client denied by server "
	    "configuration: /www/a.txt" },
	{ "<Location />\nAuthType Basic\nRequire valid-user\n"
	    "</Location>\n", "GET /a.txt", "",
	    "AH01615: need AuthName: /a.txt" },
	{ "<Location />\nRequire valid-user\n</Location>\n",
	    "GET /a.txt", "", "AH00027: No authentication done but "
	    "request not allowed without authentication for /a.txt. "
	    "Authentication not configured?" },
	{ "<Location />\nAuthType Basic\nAuthName R\nAuthUserFile "
	    "/srv/none\nRequire valid-user\n</Location>\n",
	    "GET /a.txt", "Authorization: Basic YWxpY2U6d3Jvbmc=\r\n",
	    "AH01620: Could not open password file: /srv/none" },
	{ "<Location />\nAuthType Basic\nAuthName R\nAuthUserFile "
	    "passwd\nRequire user bob\nAuthzSendForbiddenOnFailure On\n"
	    "</Location>\n", "GET /a.txt",
	    "Authorization: Basic YWxpY2U6c2VjcmV0\r\n",
	    "AH01631: user alice: authorization failure for "
	    "\"/a.txt\": " },
	/* what was refused, not what is sent instead */
	{ "ErrorDocument 403 /nf.html\n<Location /site>\n"
	    "Require all denied\n</Location>\n",
	    "GET /site/index.html", "", "AH01630: client denied by "
	    "server configuration: /www/site/index.html" },
	{ "ErrorDocument 401 /nf.html\n<Location /site>\n"
	    "AuthType Basic\nAuthName R\nAuthUserFile passwd\n"
	    "Require valid-user\n</Location>\n", "GET /site/",
	    "Authorization: Basic YWxpY2U6d3Jvbmc=\r\n",
	    "AH01617: user alice: authentication failure for "
	    "\"/site/\": Password Mismatch" },
	{ "<Location />\nAllowMethods POST\n</Location>\n", "GET /a.txt", "",
	    "AH01623: client method denied by server configuration: 'GET' to "
	    "/www/a.txt" },
};

START_TEST(reasons_are_the_peers)
{
	for (size_t i = 0; i < ARRAY_LEN(log_texts); i++) {
		const struct route *r = ht_plan(load(log_texts[i].conf),
		    log_texts[i].line, log_texts[i].fields);
		struct wr w;

		wr_init(&w, ht_text, sizeof(ht_text) - 1);
		route_log(r, &w);
		ht_text[w.len] = '\0';
		ck_assert_str_eq(ht_text, log_texts[i].want);
	}
}
END_TEST

/* How we name ourselves when clients say nothing or nonsense. */
START_TEST(names_of_the_server)
{
	static const struct {
		const char *conf, *host, *want;
		bool is_v6;
	} selves[] = {
		{ "", "B.example.:8080", "http://b.example:8080", false },
		{ "", "[::1]:8080", "http://[::1]:8080", false },
		{ "", "[::1]", "http://[::1]", false },
		{ "", "b.example:65536", "http://b.example", false },
		{ "", "b.example:0", "http://b.example", false },
		{ "", "b_1-2:80", "http://b_1-2", false },
		{ "", "", "http://10.0.0.1", false },
		{ "", "", "http://[::1]", true },
		{ "ServerName srv.example:81\n", "", "http://srv.example:81",
		    true },
		{ "ServerName srv.example\n", "a\"b", "http://srv.example", false },
		{ "ServerName srv.example\n", "a{b", "http://srv.example", false },
		{ "ServerName srv.example\n", "a^b", "http://srv.example", false },
		{ "ServerName srv.example\n", LONG_256, "http://srv.example",
		    false },
	};

	for (size_t i = 0; i < ARRAY_LEN(selves); i++) {
		char url[300];
		struct wr w;

		(void)ht_plan(load(selves[i].conf), "GET /a.txt", "");
		ht_in.host = str_of(selves[i].host);
		if (selves[i].is_v6)
			ck_assert_msg(addr_parse(STR("::1"), &ht_in.local), "v6");
		wr_init(&w, url, sizeof(url) - 1);
		route_self(&ht_in, ht_route.dir, &w, NULL, NULL);
		url[w.len] = '\0';
		ck_assert_str_eq(url, selves[i].want);
	}
}
END_TEST

/* What cannot be found out is not said to be missing. */
START_TEST(a_file_system_that_fails_is_named)
{
	static const struct {
		int err;
		const char *want;
	} texts[] = {
		{ EACCES, "AH00035: access to /a.txt denied (filesystem path "
		    "'/www/a.txt') because search permissions are missing on a "
		    "component of the path" },
		{ EIO, "AH00036: access to /a.txt failed (filesystem path "
		    "'/www/a.txt')" },
		{ ENOMEM, "AH00036: access to /a.txt failed (filesystem path "
		    "'/www/a.txt')" },
	};
	const struct conf *conf = load("");
	const struct route *r;
	struct wr w;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		ht_stat_errno = texts[i].err;
		r = ht_plan(conf, "GET /a.txt", "");
		ht_stat_errno = 0;
		ck_assert_int_eq((int)r->status, 403);
		ck_assert_int_eq(r->log_errno, texts[i].err == EACCES ? 0 :
		    texts[i].err);
		wr_init(&w, ht_text, sizeof(ht_text) - 1);
		route_log(r, &w);
		ht_text[w.len] = '\0';
		ck_assert_str_eq(ht_text, texts[i].want);
	}
}
END_TEST

START_TEST(hosts_by_address_then_name)
{
	static const struct {
		const char *host, *want;
		uint16_t port;
	} hosts[] = {
		{ "one.example", "one.example", 80 },
		{ "ONE.Example.:8080", "one.example", 80 },
		{ "www.one.example", "one.example", 80 },
		{ "a.b.wild.example", "one.example", 80 },
		{ "two.example", "two.example", 80 },
		{ "other.example", "one.example", 80 },
		{ "", "one.example", 80 }, { "10.0.0.1", "one.example", 80 },
		{ "two.example", "any.example", 81 },
		{ "two.example", "main.example", 82 },
		{ "[::1]", "six.example", 80 },
		{ "[::1]:8080", "six.example", 80 },
		{ ".", "one.example", 80 },
		{ "two.example", "default.example", 83 },
		{ "named.example", "named.example", 83 },
	};
	const struct addr local = addr_v4(0x0a000001);
	const struct conf *conf = load("ServerName main.example\n"
	    "<VirtualHost *:80>\nServerName one.example\n"
	    "ServerAlias www.one.example *.wild.example\n</VirtualHost>\n"
	    "<VirtualHost *:80>\nServerName six.example\nServerAlias [::1]\n"
	    "</VirtualHost>\n<VirtualHost _default_:83>\n"
	    "ServerName default.example\n</VirtualHost>\n"
	    "<VirtualHost 10.0.0.2:83>\nServerName other.example\n"
	    "</VirtualHost>\n"
	    "<VirtualHost *:80>\nServerName two.example:8081\n"
	    "</VirtualHost>\n<VirtualHost 10.0.0.1:81>\n"
	    "ServerName any.example\n</VirtualHost>\n"
	    "<VirtualHost *:81>\nServerName no.example\n</VirtualHost>\n"
	    "<VirtualHost *:83>\nServerName named.example\n</VirtualHost>\n");

	for (size_t i = 0; i < sizeof(hosts) / sizeof(*hosts); i++) {
		const struct conf_vhost *v = route_host(conf, &local,
		    hosts[i].port, str_of(hosts[i].host));

		ck_assert_msg(str_eq(v->name, str_of(hosts[i].want)),
		    "%s:%u: %.*s", hosts[i].host, hosts[i].port,
		    STR_ARG(v->name));
	}
	conf = load("<VirtualHost *>\nServerName any.example\n</VirtualHost>\n");
	ck_assert_msg(route_host(conf, &local, 84, STR("")) == &conf->vhosts[1],
	    "a host of every port");
}
END_TEST

START_TEST(static_plans_are_told_apart)
{
	const struct conf *conf = load("BrowserMatch Mozilla/2 nokeepalive\n"
	    "<Location /site>\nRequire ip 10\n</Location>\n");
	const struct route *r = ht_plan(conf, "GET /a.txt",
	    "User-Agent: Mozilla/2.0\r\n");

	ck_assert_msg(r->is_static && r->env_varies, "only env varies");
	ck_assert_msg(env_has(&r->env, STR("nokeepalive")), "env");
	ht_route.env.n = 0;
	route_env(&ht_in, &ht_work, &ht_turn, &ht_route);
	ck_assert_msg(env_has(&r->env, STR("nokeepalive")), "env again");
	r = ht_plan(conf, "GET /site/", "");
	ck_assert_msg(!r->is_static, "depends on the client");
	r = ht_plan(conf, "GET /empty", "");
	ck_assert_msg(!r->is_static, "depends on Host");
}
END_TEST

static const char *client_name;
static unsigned named_n;

static int
named(void *ctx, const struct addr *a, struct arena *arena, struct str *ret)
{
	(void)ctx;
	(void)a;
	(void)arena;
	named_n++;
	*ret = str_of(client_name);
	return client_name == NULL ? -ENOENT : 0;
}

/* clients by name, and those for which there can be no lease */
START_TEST(clients_of_other_kinds)
{
	static const struct {
		const char *conf, *name, *want;
		bool is_v6;
	} who[] = {
		{ "Require host example", "pc.example", "file 200 /www/a.txt", false },
		{ "Require host example", NULL, "error 403", false },
		{ "Require host example", "pc.else", "error 403", false },
		{ "Require dhcp-lease", NULL, "file 200 /www/a.txt", false },
		{ "Require dhcp-lease", NULL, "error 403", true },
	};

	for (size_t i = 0; i < ARRAY_LEN(who); i++) {
		char text[256];
		struct route_fs fs = ht_fs;
		struct route r;

		(void)snprintf(text, sizeof(text), "DhcpLeases leases\n"
		    "<Location />\n%s\n</Location>\n", who[i].conf);
		(void)ht_plan(load(text), "GET /a.txt", "");
		if (who[i].is_v6)
			ck_assert_msg(addr_parse(STR("::1"), &ht_in.client), "v6");
		client_name = who[i].name;
		fs.name = named;
		route_plan(&ht_in, &fs, &ht_work, &ht_turn, &r);
		ck_assert_str_eq(shown(&r), who[i].want);
	}
}
END_TEST

/* Who is refused because of a leases file that nobody can read is told so. */
START_TEST(unread_leases_are_said)
{
	static const char *const files_named[] = { "leases", "nowhere" };

	for (size_t i = 0; i < ARRAY_LEN(files_named); i++) {
		char text[256];
		const struct route *r;

		(void)snprintf(text, sizeof(text), "DhcpLeases %s\n<Location />\n"
		    "Require ip 192.168\n</Location>\n", files_named[i]);
		r = ht_plan(load(text), "GET /a.txt", "");
		ck_assert_str_eq(shown(r), "error 403");
		ck_assert_int_eq(r->log_errno, i == 0 ? 0 : ENOENT);
		ck_assert_msg((strstr(r->log_text, "leases") != NULL) == (i == 1),
		    "%s", r->log_text);
	}
}
END_TEST

/* Nobody's name is looked up for a path whose rules do not ask for it. */
START_TEST(names_are_not_asked_in_vain)
{
	struct route_fs fs = ht_fs;
	struct route r;

	(void)ht_plan(load("<Location /sub>\nRequire host example\n"
	    "</Location>\n"), "GET /a.txt", "");
	client_name = "pc.example";
	fs.name = named;
	named_n = 0;
	route_plan(&ht_in, &fs, &ht_work, &ht_turn, &r);
	ck_assert_str_eq(shown(&r), "file 200 /www/a.txt");
	ck_assert_int_eq((int)named_n, 0);
	(void)ht_plan(ht_in.conf, "GET /sub/deep/x.cgi", "");
	route_plan(&ht_in, &fs, &ht_work, &ht_turn, &r);
	ck_assert_str_eq(shown(&r), "file 200 /www/sub/deep/x.cgi");
	ck_assert_int_eq((int)named_n, 1);
}
END_TEST

START_TEST(lines_name_their_module_and_level)
{
	static const struct {
		const char *conf, *line, *module;
		enum conf_level level;
	} rows[] = {
		{ "", "GET /none", "core", CONF_LEVEL_INFO },
		{ "<Location />\nRequire all denied\n</Location>\n",
		    "GET /a.txt", "authz_core", CONF_LEVEL_ERROR },
		{ "<Location />\nOrder allow,deny\n</Location>\n",
		    "GET /a.txt", "access_compat", CONF_LEVEL_ERROR },
		{ "<Location />\nOptions None\n</Location>\n",
		    "GET /empty/", "autoindex", CONF_LEVEL_ERROR },
		{ "ScriptAlias /c /www/none\n", "GET /c/x", "cgi",
		    CONF_LEVEL_ERROR },
		{ "<Location />\nAllowMethods POST\n</Location>\n",
		    "GET /a.txt", "allowmethods", CONF_LEVEL_ERROR },
		{ "<Directory /www>\nAllowOverride All\n</Directory>\n",
		    "GET /bad/a.txt", "core", CONF_LEVEL_ALERT },
		{ "<Directory /www/ht>\nAllowOverride All\n</Directory>\n",
		    "GET /ht/a.txt", "core", CONF_LEVEL_CRIT },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct conf *conf = load(rows[i].conf);
		const struct route *r;

		ht_fail("/www/ht/.htaccess", -EACCES);
		r = ht_plan(conf, rows[i].line, "");
		ck_assert_str_eq(r->log_module, rows[i].module);
		ck_assert_int_eq((int)r->log_level, (int)rows[i].level);
		if (rows[i].level == CONF_LEVEL_CRIT) {
			ck_assert_str_eq(shown(r), "error 403");
			ck_assert_int_eq(r->log_errno, EACCES);
			ck_assert_str_eq(r->log_text, "AH00529: "
			    "/www/ht/.htaccess pcfg_openfile: unable to check "
			    "htaccess file, ensure it is readable and that "
			    "'/www/ht/' is executable");
		}
	}
}
END_TEST

/* a directory with many names for its index leaves room for the answer */
START_TEST(names_of_an_index_take_no_room)
{
	static char text[8192];
	size_t n = (size_t)snprintf(text, sizeof(text), "DirectoryIndex");

	for (unsigned i = 0; i < 200; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, " i%u.html", i);
	(void)snprintf(text + n, sizeof(text) - n, " index.html\n");
	ck_assert_str_eq(shown(ht_plan(load(text), "GET /site/", "")),
	    "file 200 /www/site/index.html");
	ck_assert_msg(ht_turn.len < 32768, "%zu bytes", ht_turn.len);
}
END_TEST

/* names that are directories, each with the same names: not one by one */
START_TEST(names_of_an_index_end)
{
	static char text[8192];
	size_t n;

	for (unsigned names = ROUTE_SUBS_MAX - 1; names <= ROUTE_SUBS_MAX; names++) {
		n = (size_t)snprintf(text, sizeof(text), "DirectoryIndex");
		for (unsigned i = 0; i < names; i++)
			n += (size_t)snprintf(text + n, sizeof(text) - n, " i%u", i);
		(void)snprintf(text + n, sizeof(text) - n, " index.html\n");
		ck_assert_str_eq(shown(ht_plan(load(text), "GET /site/", "")),
		    names < ROUTE_SUBS_MAX ? "file 200 /www/site/index.html" :
		    "error 500");
	}
	n = (size_t)snprintf(text, sizeof(text), "DirectoryIndex");
	for (unsigned i = 0; i < 64; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, " /site/");
	(void)snprintf(text + n, sizeof(text) - n, "\n");
	ht_stats_n = 0;
	ck_assert_str_eq(shown(ht_plan(load(text), "GET /site/", "")),
	    "error 500");
	ck_assert_msg(ht_stats_n < 4 * ROUTE_SUBS_MAX, "%u files looked at",
	    ht_stats_n);
}
END_TEST

START_TEST(failing_documents_end)
{
	const struct conf *conf = load("ErrorDocument 403 /nf.html\n"
	    "ErrorDocument 500 /none\n");
	struct route r = *ht_plan(conf, "GET /a.txt", "");

	route_fail(&ht_in, &ht_fs, &ht_work, &ht_turn, &r, 403);
	ck_assert_str_eq(shown(&r), "file 403 /www/nf.html");
	ck_assert_msg(r.is_error_doc, "is an error document");
	route_fail(&ht_in, &ht_fs, &ht_work, &ht_turn, &r, 404);
	ck_assert_str_eq(shown(&r), "error 403");	/* what it was for */
	route_internal(&ht_in, &ht_fs, &ht_work, &ht_turn, STR("/site/?x=1"),
	    &r);
	ck_assert_str_eq(shown(&r), "file 200 /www/site/index.html");
	ck_assert_msg(str_eq(r.query, STR("x=1")), "query");
	route_internal(&ht_in, &ht_fs, &ht_work, &ht_turn, STR("/site/../a%2etxt"),
	    &r);
	ck_assert_str_eq(shown(&r), "file 200 /www/a.txt");
	route_internal(&ht_in, &ht_fs, &ht_work, &ht_turn, STR("/../a.txt"),
	    &r);
	ck_assert_int_eq(r.status, 500);
	memset(&r, 0, sizeof(r));	/* before there was a plan */
	route_fail(&ht_in, &ht_fs, &ht_work, &ht_turn, &r, 400);
	ck_assert_str_eq(shown(&r), "error 400");
	ht_in.depth = 11;
	route_internal(&ht_in, &ht_fs, &ht_work, &ht_turn, STR("/a.txt"), &r);
	ck_assert_int_eq(r.status, 500);
	/* a document that is a script and redirects: once round too often */
	ht_in.depth = 10;
	memset(&r, 0, sizeof(r));
	r.dir = &conf->vhosts[0].base;
	route_fail(&ht_in, &ht_fs, &ht_work, &ht_turn, &r, 403);
	ck_assert_str_eq(shown(&r), "error 403");
}
END_TEST

T_MAIN("httpd_routing")
{
	T_ADD(many_sections_hold);
	T_ADD(a_level_too_many_opens_no_door);
	T_ADD(a_variable_too_many_opens_no_door);
	T_ADD(variables_have_values);
	T_ADD(htaccess_is_read_where_allowed);
	T_ADD(htaccess_takes_what_is_of_its_class);
	T_ADD(htaccess_of_each_level);
	T_ADD(htaccess_of_a_long_name);
	T_ADD(names_of_the_server);
	T_ADD(reasons_are_the_peers);
	T_ADD(a_file_system_that_fails_is_named);
	T_ADD(hosts_by_address_then_name);
	T_ADD(static_plans_are_told_apart);
	T_ADD(clients_of_other_kinds);
	T_ADD(unread_leases_are_said);
	T_ADD(names_are_not_asked_in_vain);
	T_ADD(lines_name_their_module_and_level);
	T_ADD(names_of_an_index_take_no_room);
	T_ADD(names_of_an_index_end);
	T_ADD(failing_documents_end);
}
