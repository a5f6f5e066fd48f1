/* SPDX-License-Identifier: ISC */
/*
 * Routing: what a request gets under a configuration, case by case.
 */

#include "tests/unit/ht.h"

static const char *const base =
    "DocumentRoot /www\n"
    "<Directory />\n Require all denied\n</Directory>\n"
    "<Directory /www>\n Require all granted\n Options Indexes "
    "FollowSymLinks\n</Directory>\n";

static void
files(void)
{
	ht_files_n = 0;
	ht_add("/", NULL);
	ht_add("/www", NULL);
	ht_add("/www/a.txt", "a\n");
	ht_add("/www/site", NULL);
	ht_add("/www/site/index.html", "i\n");
	ht_add("/www/site/default.htm", "d\n");
	ht_add("/www/empty", NULL);
	ht_add("/www/sub", NULL);
	ht_add("/www/sub/deep", NULL);
	ht_add("/www/sub/deep/x.cgi", "x\n");
	ht_add("/alias", NULL);
	ht_add("/alias/one.txt", "1\n");
	ht_add("/secret", NULL);
	ht_add("/secret/s.txt", "s\n");
	ht_link("/www/link.txt", "/secret/s.txt", 7);
	ht_link("/www/own.txt", "/www/a.txt", 0);
	ht_add("/home/joe", NULL);
	ht_add("/home/joe/public_html", NULL);
	ht_add("/home/joe/public_html/j.txt", "j\n");
	ht_add("/www/nf.html", "not found\n");
	ht_add("/srv/passwd", "alice:Xsecret\nbob:{SHA}"
	    "5en6G6MezRroT3XKqkdPOmY/BfQ=\n");
	ht_add("/srv/group", "admins: alice carol\n");
	ht_add("/srv/leases", "lease 10.0.0.99 {\n  ends 2 2014/06/10 "
	    "13:00:00;\n  binding state active;\n  hardware ethernet "
	    "52:54:00:AB:cd:ef;\n}\n");
	ht_add("/www/ks", NULL);
	ht_add("/www/ks/52-54-00-ab-cd-ef.cfg", "mine\n");
	ht_add("/www/ht", NULL);
	ht_add("/www/ht/a.txt", "a\n");
}

/* want: "KIND STATUS [FILE or LOCATION]" */
static const struct {
	const char *conf, *line, *fields, *want;
} cases[] = {
	{ "", "GET /a.txt", "", "file 200 /www/a.txt" },
	{ "", "POST /a.txt", "Content-Length: 0\r\n", "file 200 /www/a.txt" },
	{ "", "PUT /a.txt", "Content-Length: 0\r\n", "error 405" },
	{ "", "FROB /a.txt", "", "error 501" },
	{ "", "OPTIONS /a.txt", "", "options 200" },
	{ "", "TRACE /a.txt", "", "trace 200" },
	{ "TraceEnable off\n", "TRACE /a.txt", "", "error 405" },
	{ "", "GET /none", "", "error 404" },
	{ "", "GET /none/deeper/x", "", "error 404" },
	{ "", "GET /a.txt/extra", "", "error 404" },
	{ "", "GET /a.txt/", "", "error 404" },
	{ "<Files a.txt>\nAcceptPathInfo On\n</Files>\n", "GET /a.txt/extra",
	    "", "file 200 /www/a.txt" },
	{ "", "GET /site", "", "redirect 301 http://a.example/site/" },
	{ "", "GET /site?q=1", "",
	    "redirect 301 http://a.example/site/?q=1" },
	{ "", "GET /site/", "", "file 200 /www/site/index.html" },
	{ "", "GET /empty/", "", "list 200 /www/empty/" },
	{ "<Location /empty>\nOptions -Indexes\n</Location>\n",
	    "GET /empty/", "", "error 403" },
	{ "", "OPTIONS /site/", "", "options 200" },
	{ "", "OPTIONS /empty/", "", "options 200" },
	{ "", "FROB /site/", "", "error 501" },
	{ "", "PUT /site/", "Content-Length: 0\r\n", "error 405" },
	{ "<Directory /www/site>\n<Limit POST>\nRequire all denied\n"
	    "</Limit>\n</Directory>\n", "POST /site/",
	    "Content-Length: 0\r\n", "error 403" },
	{ "DirectoryIndex none.html default.htm\n", "GET /site/", "",
	    "file 200 /www/site/default.htm" },
	{ "DirectoryIndex disabled\n", "GET /site/", "",
	    "list 200 /www/site/" },
	{ "<Files index.html>\nRequire all denied\n</Files>\n", "GET /site/",
	    "", "error 403" },
	{ "<Directory /www>\nDirectorySlash Off\n</Directory>\n", "GET /site",
	    "", "list 200 /www/site/" },
	{ "FallbackResource /a.txt\n", "GET /none", "",
	    "file 200 /www/a.txt" },
	{ "FallbackResource /a.txt\n", "GET /empty/", "",
	    "file 200 /www/a.txt" },
	/* aliases and redirects */
	{ "Alias /al/ /alias/\n", "GET /al/one.txt", "", "error 403" },
	{ "Alias /al/ /alias/\n<Directory /alias>\nRequire all granted\n"
	    "</Directory>\n", "GET /al/one.txt", "",
	    "file 200 /alias/one.txt" },
	{ "Alias /al/ /alias/\n", "GET /al", "", "error 404" },
	{ "Alias /al /www/sub\n", "GET /alx", "", "error 404" },
	{ "Alias /al /www\n", "GET /al/a.txt", "", "file 200 /www/a.txt" },
	{ "Alias /al/ /www\n", "GET /al/a.txt", "", "file 200 /www/a.txt" },
	{ "AliasMatch ^/am/(.*)\\.x$ /www/$1.txt\n", "GET /am/a.x", "",
	    "file 200 /www/a.txt" },
	/* a pattern must not make a way out of its directory */
	{ "AliasMatch ^/am(.*)$ /www/$1\n", "GET /am../secret/s.txt", "",
	    "error 403" },
	{ "Redirect /old http://b.example/new\n", "GET /old/x%20y?z", "",
	    "redirect 302 http://b.example/new/x%20y?z" },
	{ "Redirect permanent /old /new\n", "GET /old", "",
	    "redirect 301 http://a.example/new" },
	{ "Redirect gone /old\n", "GET /old/x", "", "error 410" },
	{ "Redirect /old /new\n", "GET /older", "", "error 404" },
	{ "RedirectMatch 301 ^/rm/(.*)\\.old$ /new/$1\n",
	    "GET /rm/a%0db.old", "",
	    "redirect 301 http://a.example/new/a%0db" },
	{ "<Location /a.txt>\nRedirect 303 /a.txt /b\n</Location>\n",
	    "GET /a.txt", "", "redirect 303 http://a.example/b" },
	{ "<Location /a.txt>\nRedirect 303 http://b.example/b\n</Location>\n",
	    "GET /a.txt", "", "redirect 303 http://b.example/b" },
	{ "<Location /a.txt>\nRedirect gone\n</Location>\n", "GET /a.txt",
	    "", "error 410" },
	{ "<Location /al>\nAlias /www/sub\n</Location>\n",
	    "GET /al/deep/x.cgi", "", "file 200 /www/sub/deep/x.cgi" },
	{ "<LocationMatch ^/am/(.*)>\nAlias /www/$1\n</LocationMatch>\n",
	    "GET /am/a.txt", "", "file 200 /www/a.txt" },
	{ "UserDir public_html\n<Directory /home/*/public_html>\n"
	    "Require all granted\n</Directory>\n", "GET /~joe/j.txt", "",
	    "file 200 /home/joe/public_html/j.txt" },
	{ "UserDir /home/*/public_html\n<Directory /home/*/public_html>\n"
	    "Require all granted\n</Directory>\n", "GET /~joe", "",
	    "redirect 301 http://a.example/~joe/" },
	{ "UserDir public_html\nUserDir disabled joe\n", "GET /~joe/j.txt",
	    "", "error 404" },
	{ "UserDir public_html\nUserDir disabled\nUserDir enabled joe\n"
	    "<Directory /home>\nRequire all granted\n</Directory>\n",
	    "GET /~joe/j.txt", "", "file 200 /home/joe/public_html/j.txt" },
	{ "UserDir http://u.example/*/w\n", "GET /~joe/j.txt", "",
	    "redirect 302 http://u.example/joe/w/j.txt" },
	{ "UserDir /home/*\n", "GET /~.%2e/x", "", "error 404" },
	/* links */
	{ "", "GET /link.txt", "", "file 200 /www/link.txt" },
	{ "<Directory /www>\nOptions -FollowSymLinks\n</Directory>\n",
	    "GET /link.txt", "", "error 403" },
	{ "<Directory /www>\nOptions SymLinksIfOwnerMatch\n</Directory>\n",
	    "GET /link.txt", "", "error 403" },
	{ "<Directory /www>\nOptions SymLinksIfOwnerMatch\n</Directory>\n",
	    "GET /own.txt", "", "file 200 /www/own.txt" },
	/* order of sections */
	{ "<Directory /www/sub/deep>\nRequire all denied\n</Directory>\n"
	    "<Directory /www/*/deep>\nRequire all granted\n</Directory>\n",
	    "GET /sub/deep/x.cgi", "", "file 200 /www/sub/deep/x.cgi" },
	/* fewer slashes in the expression go first, whatever the order */
	{ "<DirectoryMatch \"/sub/deep\">\nRequire all granted\n"
	    "</DirectoryMatch>\n<Directory ~ deep>\nRequire all denied\n"
	    "</Directory>\n", "GET /sub/deep/x.cgi", "",
	    "file 200 /www/sub/deep/x.cgi" },
	{ "<DirectoryMatch deep>\nRequire all denied\n</DirectoryMatch>\n"
	    "<Directory /www/sub/deep>\nRequire all granted\n</Directory>\n",
	    "GET /sub/deep/x.cgi", "", "error 403" },
	{ "<Location /sub>\nRequire all granted\n</Location>\n"
	    "<Files x.cgi>\nRequire all denied\n</Files>\n",
	    "GET /sub/deep/x.cgi", "", "file 200 /www/sub/deep/x.cgi" },
	{ "<Location /su>\nRequire all denied\n</Location>\n",
	    "GET /sub/deep/x.cgi", "", "file 200 /www/sub/deep/x.cgi" },
	{ "<Location \"/*/deep\">\nRequire all denied\n</Location>\n",
	    "GET /sub/deep", "", "error 403" },
	{ "<LocationMatch \"^/+$\">\nRequire all denied\n</LocationMatch>\n",
	    "GET //", "", "error 403" },
	{ "<Directory /www>\n<Files ~ \"^a\">\nRequire all denied\n</Files>\n"
	    "</Directory>\n", "GET /a.txt", "", "error 403" },
	{ "<If \"%{QUERY_STRING} == 'x'\">\nRequire all denied\n</If>\n",
	    "GET /a.txt?x", "", "error 403" },
	{ "<If \"%{QUERY_STRING} == 'x'\">\nRequire all denied\n</If>\n",
	    "GET /a.txt?y", "", "file 200 /www/a.txt" },
	{ "<If \"-R '10.0.0.0/8'\">\nRequire all denied\n</If>\n<Else>\n"
	    "Require all granted\n</Else>\n", "GET /a.txt", "", "error 403" },
	/* scripts */
	{ "ScriptAlias /cgi/ /www/sub/\n", "GET /cgi/deep/x.cgi/info?a", "",
	    "cgi 200 /www/sub/deep/x.cgi" },
	{ "ScriptAlias /cgi/ /www/sub/\n", "GET /cgi/none", "", "error 404" },
	{ "ScriptAlias /cgi/ /www/sub/\n", "GET /cgi/deep/", "", "error 403" },
	{ "AddHandler cgi-script .cgi\n", "GET /sub/deep/x.cgi", "",
	    "error 403" },
	{ "AddHandler cgi-script .cgi\n<Location />\nOptions +ExecCGI\n"
	    "</Location>\n", "GET /sub/deep/x.cgi", "",
	    "cgi 200 /www/sub/deep/x.cgi" },
	{ "<Location /st>\nSetHandler server-status\nRequire all granted\n"
	    "</Location>\n", "GET /st?auto", "", "status 200" },
	/* errors */
	{ "ErrorDocument 404 /nf.html\n", "GET /none", "",
	    "file 404 /www/nf.html" },
	{ "ErrorDocument 404 \"gone away\n", "GET /none", "",
	    "text 404 gone away" },
	{ "ErrorDocument 404 http://b.example/\n", "GET /none", "",
	    "redirect 302 http://b.example/" },
	{ "ErrorDocument 404 /missing\n", "GET /none", "", "error 404" },
	{ "ErrorDocument 404 /nf.html\n<Location /none>\nErrorDocument 404 "
	    "default\n</Location>\n", "GET /none", "", "error 404" },
	/* access */
	{ "<Location />\nRequire ip 10.0.0.0/24 192.168\n</Location>\n",
	    "GET /a.txt", "", "file 200 /www/a.txt" },
	{ "<Location />\nRequire ip 192.168\n</Location>\n", "GET /a.txt", "",
	    "error 403" },
	{ "<Location />\n<RequireAll>\nRequire all granted\nRequire not ip "
	    "10\n</RequireAll>\n</Location>\n", "GET /a.txt", "",
	    "error 403" },
	{ "<Location />\n<RequireNone>\nRequire ip 10\n</RequireNone>\n"
	    "</Location>\n", "GET /a.txt", "", "error 403" },
	{ "<Location />\nRequire method GET\n</Location>\n", "HEAD /a.txt",
	    "", "file 200 /www/a.txt" },
	{ "<Location />\nRequire method GET\n</Location>\n", "POST /a.txt",
	    "Content-Length: 0\r\n", "error 403" },
	{ "SetEnvIf User-Agent ^Good ok\n<Location />\nRequire env ok\n"
	    "</Location>\n", "GET /a.txt", "User-Agent: Good/1\r\n",
	    "file 200 /www/a.txt" },
	{ "SetEnvIf User-Agent ^Good ok\n<Location />\nRequire env ok\n"
	    "</Location>\n", "GET /a.txt", "User-Agent: Bad/1\r\n",
	    "error 403" },
	{ "<Location />\nOrder deny,allow\nDeny from all\nAllow from 10\n"
	    "</Location>\n", "GET /a.txt", "", "file 200 /www/a.txt" },
	{ "<Location />\nOrder allow,deny\nAllow from all\nDeny from 10.0\n"
	    "</Location>\n", "GET /a.txt", "", "error 403" },
	{ "<Location />\nOrder allow,deny\n</Location>\n", "GET /a.txt", "",
	    "error 403" },
	{ "<Location />\n<Limit POST>\nRequire all denied\n</Limit>\n"
	    "</Location>\n", "GET /a.txt", "", "file 200 /www/a.txt" },
	{ "<Location />\n<LimitExcept GET>\nRequire all denied\n"
	    "</LimitExcept>\n</Location>\n", "POST /a.txt",
	    "Content-Length: 0\r\n", "error 403" },
	{ "<Location />\nAllowMethods GET\n</Location>\n", "POST /a.txt",
	    "Content-Length: 0\r\n", "error 405" },
	/* a user: alice:secret, alice:wrong, bob:secret */
	{ "<Location />\nAuthType Basic\nAuthName R\nAuthUserFile passwd\n"
	    "Require valid-user\n</Location>\n", "GET /a.txt", "",
	    "error 401" },
	{ "<Location />\nAuthType Basic\nAuthName R\nAuthUserFile passwd\n"
	    "Require valid-user\n</Location>\n", "GET /a.txt",
	    "Authorization: basic YWxpY2U6c2VjcmV0\r\n",
	    "file 200 /www/a.txt" },
	{ "<Location />\nAuthType Basic\nAuthName R\nAuthUserFile passwd\n"
	    "Require valid-user\n</Location>\n", "GET /a.txt",
	    "Authorization: Basic YWxpY2U6d3Jvbmc=\r\n", "error 401" },
	{ "<Location />\nAuthType Basic\nAuthName R\nAuthUserFile passwd\n"
	    "AuthGroupFile group\nRequire group admins\n</Location>\n",
	    "GET /a.txt", "Authorization: Basic YWxpY2U6c2VjcmV0\r\n",
	    "file 200 /www/a.txt" },
	{ "<Location />\nAuthType Basic\nAuthName R\nAuthUserFile passwd\n"
	    "AuthGroupFile group\nRequire group admins\n</Location>\n",
	    "GET /a.txt", "Authorization: Basic Ym9iOnNlY3JldA==\r\n",
	    "error 401" },
	{ "<Location />\nAuthType Basic\nAuthName R\nAuthUserFile passwd\n"
	    "Require user bob\nAuthzSendForbiddenOnFailure On\n</Location>\n",
	    "GET /a.txt", "Authorization: Basic YWxpY2U6c2VjcmV0\r\n",
	    "error 403" },
	{ "<Location />\nAuthType Basic\nAuthName R\nAuthUserFile passwd\n"
	    "Require valid-user\nOrder deny,allow\nDeny from all\nSatisfy any\n"
	    "</Location>\n", "GET /a.txt", "", "error 401" },
	{ "<Location />\nAuthType Basic\nAuthName R\nAuthUserFile passwd\n"
	    "Require valid-user\nAllow from 10\nSatisfy any\n</Location>\n",
	    "GET /a.txt", "", "file 200 /www/a.txt" },
	{ "<Location /sub>\nAuthType Basic\nAuthName R\n</Location>\n"
	    "<Directory /home>\n</Directory>\n", "GET /sub/deep/x.cgi", "",
	    "file 200 /www/sub/deep/x.cgi" },
	/* as the peer: measured with 2.4.71 */
	{ "<Location />\nRequire all denied\nAllow from all\nSatisfy any\n"
	    "</Location>\n", "GET /a.txt", "", "file 200 /www/a.txt" },
	{ "<Location />\nOrder deny,allow\nDeny from all\n</Location>\n",
	    "GET /a.txt", "", "error 403" },
	{ "<Location />\nAuthType Basic\nAuthName R\nAuthUserFile passwd\n"
	    "<RequireAll>\nRequire ip 192.168\nRequire valid-user\n"
	    "</RequireAll>\n</Location>\n", "GET /a.txt", "", "error 403" },
	{ "<Location />\nAuthType Basic\nAuthName R\nAuthUserFile passwd\n"
	    "<RequireAny>\nRequire ip 192.168\nRequire user bob\n"
	    "</RequireAny>\n</Location>\n", "GET /a.txt", "", "error 401" },
	/* the leases file */
	{ "DhcpLeases leases\n<Location />\nRequire dhcp-lease\n"
	    "</Location>\n", "GET /a.txt", "", "file 200 /www/a.txt" },
	{ "DhcpLeases nowhere\n<Location />\nRequire dhcp-lease\n"
	    "</Location>\n", "GET /a.txt", "", "error 403" },
	{ "<Location />\nRequire dhcp-lease\n</Location>\n", "GET /a.txt", "",
	    "error 403" },
	{ "DhcpLeases leases\nDhcpAlias /me.cfg /www/ks/%d.cfg\n",
	    "GET /me.cfg", "", "file 200 /www/ks/52-54-00-ab-cd-ef.cfg" },
	{ "DhcpLeases leases\nDhcpAlias /a.txt /www/ks/%i.cfg\n",
	    "GET /a.txt", "", "file 200 /www/a.txt" },
};

static const char *
shown(const struct route *r)
{
	static const char *const kinds[] = { "file", "list", "redirect",
	    "error", "text", "cgi", "status", "options", "trace" };
	static char buf[1024];
	struct str more = str_of(NULL);

	if (r->kind == ROUTE_FILE || r->kind == ROUTE_LIST ||
	    r->kind == ROUTE_CGI)
		more = str_of(r->file);
	else if (r->kind == ROUTE_REDIRECT)
		more = r->location;
	else if (r->kind == ROUTE_TEXT)
		more = r->text;
	(void)snprintf(buf, sizeof(buf), "%s %u%s%.*s", kinds[r->kind],
	    r->status, more.len > 0 ? " " : "", STR_ARG(more));
	return buf;
}

static const struct conf *
load(const char *more)
{
	static char text[8192];
	const struct conf *conf;

	files();
	(void)snprintf(text, sizeof(text), "%s%s", base, more);
	conf = ht_load(text);
	ck_assert_msg(conf != NULL, "%s: %s", more, ht_text);
	return conf;
}

START_TEST(plans)
{
	const struct conf *conf = load(cases[_i].conf);
	const struct route *r = ht_plan(conf, cases[_i].line,
	    cases[_i].fields);

	ck_assert_msg(strcmp(shown(r), cases[_i].want) == 0,
	    "%s under\n%s: %s, not %s (%s)", cases[_i].line, cases[_i].conf,
	    shown(r), cases[_i].want, r->log_text);
	/* the second time the merged levels are remembered */
	r = ht_plan(conf, cases[_i].line, cases[_i].fields);
	ck_assert_msg(strcmp(shown(r), cases[_i].want) == 0, "again: %s",
	    shown(r));
}
END_TEST

/* no plan may be wrong because memory ran out: it is 500 then */
START_TEST(little_memory_is_an_error)
{
	const struct conf *conf = load("ErrorDocument 404 /nf.html\n"
	    "FallbackResource /site/\n");
	unsigned full = 0;

	(void)ht_plan(conf, "GET /site/", "");
	for (size_t cap = 0; cap < 6000; cap += 100) {
		struct route r;

		arena_init(&ht_turn, ht_turn_mem, cap);
		route_plan(&ht_in, &ht_fs, &ht_work, &ht_turn, &r);
		if (r.status == 500)
			full++;
		else
			ck_assert_msg(strcmp(shown(&r),
			    "file 200 /www/site/index.html") == 0,
			    "%zu: %s", cap, shown(&r));
	}
	ck_assert_msg(full > 0, "never full");
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

START_TEST(reasons_are_the_peers)
{
	static const struct {
		const char *conf, *line, *fields, *want;
	} texts[] = {
		{ "", "GET /none", "",
		    "AH00128: File does not exist: /www/none" },
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
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		const struct route *r = ht_plan(load(texts[i].conf),
		    texts[i].line, texts[i].fields);
		struct wr w;

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
	};
	const struct addr local = addr_v4(0x0a000001);
	const struct conf *conf = load("ServerName main.example\n"
	    "<VirtualHost *:80>\nServerName one.example\n"
	    "ServerAlias www.one.example *.wild.example\n</VirtualHost>\n"
	    "<VirtualHost *:80>\nServerName two.example:8081\n"
	    "</VirtualHost>\n<VirtualHost 10.0.0.1:81>\n"
	    "ServerName any.example\n</VirtualHost>\n"
	    "<VirtualHost *:81>\nServerName no.example\n</VirtualHost>\n");

	for (size_t i = 0; i < sizeof(hosts) / sizeof(*hosts); i++) {
		const struct conf_vhost *v = route_host(conf, &local,
		    hosts[i].port, str_of(hosts[i].host));

		ck_assert_msg(str_eq(v->name, str_of(hosts[i].want)),
		    "%s:%u: %.*s", hosts[i].host, hosts[i].port,
		    STR_ARG(v->name));
	}
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

START_TEST(failing_documents_end)
{
	const struct conf *conf = load("ErrorDocument 403 /nf.html\n"
	    "ErrorDocument 500 /none\n");
	struct route r = *ht_plan(conf, "GET /a.txt", "");

	route_fail(&ht_in, &ht_fs, &ht_work, &ht_turn, &r, 403);
	ck_assert_str_eq(shown(&r), "file 403 /www/nf.html");
	ck_assert_msg(r.is_error_doc, "is an error document");
	route_fail(&ht_in, &ht_fs, &ht_work, &ht_turn, &r, 404);
	ck_assert_str_eq(shown(&r), "error 404");
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
	ht_in.depth = 11;
	route_internal(&ht_in, &ht_fs, &ht_work, &ht_turn, STR("/a.txt"), &r);
	ck_assert_int_eq(r.status, 500);
}
END_TEST

T_MAIN("httpd_route")
{
	T_LOOP(plans, 0, (int)(sizeof(cases) / sizeof(*cases)));
	T_ADD(little_memory_is_an_error);
	T_ADD(htaccess_is_read_where_allowed);
	T_ADD(reasons_are_the_peers);
	T_ADD(hosts_by_address_then_name);
	T_ADD(static_plans_are_told_apart);
	T_ADD(failing_documents_end);
}
