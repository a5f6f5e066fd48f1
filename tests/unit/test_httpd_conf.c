/* SPDX-License-Identifier: ISC */
/*
 * Reading configurations: messages word for word as the peer's, values,
 * inheritance, includes, conditions, merging.
 */

#include "tests/unit/ht.h"

#include "httpd/confmerge.h"
#include "httpd/confsec.h"
#include "httpd/dirtab.h"
#include "httpd/rule.h"

#define LONG_32		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define NEST_8		"<A>\n<A>\n<A>\n<A>\n<A>\n<A>\n<A>\n<A>\n"
#define LONG_128	LONG_32 LONG_32 LONG_32 LONG_32

/* recorded from Apache 2.4.71, file names and lines adapted */
static const struct {
	const char *text, *messages;
	bool is_good;
} recorded[] = {
	{ "# nothing\n",
	    "", true },
	{ "NoSuchDirective on\n",
	    "AH00526: Syntax error on line 1 of "
	    "/srv/conf/httpd.conf:\nInvalid command "
	    "'NoSuchDirective', perhaps misspelled or defined by a "
	    "module not included in the server configuration\n", false },
	{ "<Directory />\n  AllowOverride None\n  "
	    "NoSuchDirective\n</Directory>\n",
	    "AH00526: Syntax error on line 3 of "
	    "/srv/conf/httpd.conf:\nInvalid command "
	    "'NoSuchDirective', perhaps misspelled or defined by a "
	    "module not included in the server configuration\n", false },
	{ "KeepAlive maybe\n",
	    "AH00526: Syntax error on line 1 of "
	    "/srv/conf/httpd.conf:\nKeepAlive must be On or Off\n", false },
	{ "KeepAliveTimeout\n",
	    "AH00526: Syntax error on line 1 of "
	    "/srv/conf/httpd.conf:\nKeepAliveTimeout takes one "
	    "argument\n", false },
	{ "DocumentRoot /a /b\n",
	    "AH00526: Syntax error on line 1 of "
	    "/srv/conf/httpd.conf:\nDocumentRoot takes one argument\n", false },
	{ "<Directory />\nOptions None\n",
	    "httpd: Syntax error on line 1 of /srv/conf/httpd.conf: "
	    "/srv/conf/httpd.conf:1: <Directory> was not closed.\n", false },
	{ "</Directory>\n",
	    "httpd: Syntax error on line 1 of /srv/conf/httpd.conf: "
	    "</Directory> without matching <Directory> section\n", false },
	{ "<Directory />\n</Files>\n",
	    "httpd: Syntax error on line 2 of /srv/conf/httpd.conf: "
	    "Expected </Directory> but saw </Files>\n", false },
	{ "<Directory /\n</Directory>\n",
	    "AH00526: Syntax error on line 1 of "
	    "/srv/conf/httpd.conf:\n<Directory> directive missing "
	    "closing '>'\n", false },
	{ "<Directory>\n</Directory>\n",
	    "AH00526: Syntax error on line 1 of "
	    "/srv/conf/httpd.conf:\n<Directory> directive requires "
	    "additional arguments\n", false },
	{ "<Directory />\nOptions Bogus\n</Directory>\n",
	    "AH00526: Syntax error on line 2 of "
	    "/srv/conf/httpd.conf:\nIllegal option Bogus\n", false },
	{ "<Directory />\nOptions +Indexes "
	    "FollowSymLinks\n</Directory>\n",
	    "AH00526: Syntax error on line 2 of "
	    "/srv/conf/httpd.conf:\nEither all Options must start "
	    "with + or -, or no Option may.\n", false },
	{ "<Directory />\nAllowOverride Nonsense\n</Directory>\n",
	    "AH00526: Syntax error on line 2 of "
	    "/srv/conf/httpd.conf:\nIllegal override option Nonsense\n", false },
	{ "<VirtualHost *>\nListen 81\n</VirtualHost>\n",
	    "AH00526: Syntax error on line 2 of "
	    "/srv/conf/httpd.conf:\nListen cannot occur within "
	    "<VirtualHost> section\n", false },
	{ "Require all granted\n",
	    "AH00526: Syntax error on line 1 of "
	    "/srv/conf/httpd.conf:\nRequire not allowed here\n", false },
	{ "<Directory />\nRequire nonsense foo\n</Directory>\n",
	    "AH00526: Syntax error on line 2 of "
	    "/srv/conf/httpd.conf:\nUnknown Authz provider: nonsense\n", false },
	{ "<Directory />\nOrder sideways\n</Directory>\n",
	    "AH00526: Syntax error on line 2 of "
	    "/srv/conf/httpd.conf:\nunknown order\n", false },
	{ "Include conf/nope.conf\n",
	    "httpd: Syntax error on line 1 of /srv/conf/httpd.conf: "
	    "Could not open configuration file /srv/conf/nope.conf: "
	    "No such file or directory\n", false },
	{ "Include conf.d/nope-*.conf\n",
	    "httpd: Syntax error on line 1 of /srv/conf/httpd.conf: "
	    "Include/IncludeOptional: No matches for the wildcard "
	    "'nope-*.conf' in '/srv/conf.d', failing\n", false },
	{ "IncludeOptional conf/nope.conf\n",
	    "", true },
	{ "ServerAdmin ${undefined_thing}\n",
	    "AH00111: Config variable ${undefined_thing} is not "
	    "defined\n", true },
	{ "ServerAdmin \"abc\n",
	    "", true },
	{ "ServerAdmin \\\n   root@localhost\nNoSuchDirective\n",
	    "AH00526: Syntax error on line 3 of "
	    "/srv/conf/httpd.conf:\nInvalid command "
	    "'NoSuchDirective', perhaps misspelled or defined by a "
	    "module not included in the server configuration\n", false },
	{ "# comment \\\nNoSuchDirective\nServerAdmin x\n",
	    "", true },
	{ "KeepAlive On # yes\n",
	    "", true },
	{ "keepALIVE on\n<DIRECTORY />\nallowoverride "
	    "NONE\n</directory>\n",
	    "", true },
	{ "DocumentRoot /no/such/dir\n",
	    "AH00526: Syntax error on line 1 of "
	    "/srv/conf/httpd.conf:\nDocumentRoot '/no/such/dir' is "
	    "not a directory, or is not readable\n", false },
	{ "Alias /x\n",
	    "AH00526: Syntax error on line 1 of "
	    "/srv/conf/httpd.conf:\nAlias must have two arguments "
	    "when used globally\n", false },
	{ "ErrorDocument 42 x\n",
	    "AH00526: Syntax error on line 1 of "
	    "/srv/conf/httpd.conf:\nUnsupported HTTP response code 42\n", false },
	{ "ErrorDocument 200 x\n",
	    "", true },
	{ "<IfModule no_such_module>\nNoSuchDirective\n</IfModule>\n",
	    "", true },
	{ "<IfModule !no_such_module>\nNoSuchDirective\n</IfModule>\n",
	    "AH00526: Syntax error on line 2 of "
	    "/srv/conf/httpd.conf:\nInvalid command "
	    "'NoSuchDirective', perhaps misspelled or defined by a "
	    "module not included in the server configuration\n", false },
	{ "<IfDefine X>\n<IfDefine "
	    "Y>\nNoSuch\n</IfDefine>\n</IfDefine>\n",
	    "", true },
	{ "CustomLog logs/a nosuchnick\n",
	    "", true },
	{ "LogFormat \"%Q\" x\n",
	    "AH00526: Syntax error on line 1 of "
	    "/srv/conf/httpd.conf:\nUnrecognized LogFormat directive "
	    "%Q\n", false },
	{ "Listen 80\nListen 80\n",
	    "AH00526: Syntax error on line 2 of "
	    "/srv/conf/httpd.conf:\nCannot define multiple Listeners "
	    "on the same IP:port\n", false },
	{ "Listen abc:def\n",
	    "AH00526: Syntax error on line 1 of "
	    "/srv/conf/httpd.conf:\nPort must be specified\n", false },
	{ "Listen 70000\n",
	    "AH00526: Syntax error on line 1 of "
	    "/srv/conf/httpd.conf:\nInvalid address or port\n", false },
	{ "IndexOptions Fancy\n",
	    "AH00526: Syntax error on line 1 of "
	    "/srv/conf/httpd.conf:\nInvalid directory indexing option\n", false },
	{ "DefaultType text/plain\n",
	    "AH00117: Ignoring deprecated use of DefaultType in line "
	    "1 of /srv/conf/httpd.conf.\n", true },
	{ "MaxClients 10\n",
	    "", true },
	{ "LimitRequestLine -1\n",
	    "AH00526: Syntax error on line 1 of "
	    "/srv/conf/httpd.conf:\nLimitRequestLine \"-1\" must be a "
	    "non-negative integer\n", false },
	{ "SetEnvIf User-Agent\n",
	    "AH00526: Syntax error on line 1 of "
	    "/srv/conf/httpd.conf:\nMissing regular expression for "
	    "SetEnvIf\n", false },
	{ "Header frob X y\n",
	    "AH00526: Syntax error on line 1 of "
	    "/srv/conf/httpd.conf:\nfirst argument must be 'add', "
	    "'set', 'setifempty', 'append', 'merge', 'unset', "
	    "'echo', 'note', 'edit', or 'edit*'.\n", false },
	{ "<Directory />\nFileETag Bogus\n</Directory>\n",
	    "AH00526: Syntax error on line 2 of "
	    "/srv/conf/httpd.conf:\nUnknown keyword 'Bogus' for "
	    "FileETag directive\n", false },
	{ "<Directory />\n<Directory /x>\n</Directory>\n</Directory>\n",
	    "AH00526: Syntax error on line 2 of "
	    "/srv/conf/httpd.conf:\n<Directory not allowed in "
	    "<Directory> context\n", false },
	{ "<VirtualHost *:80>\nServerName a\n</VirtualHost>\n",
	    "", true },
};

static char deep[20][64];

static void
world(void)
{
	ht_files_n = 0;
	ht_add("/", NULL);
	ht_add("/srv/conf.d", NULL);
	ht_add("/srv/conf.d/b.conf", "ServerAdmin b\n");
	ht_add("/srv/conf.d/a.conf", "ServerAdmin a\n");
	ht_add("/srv/conf.d/.hidden.conf", "NoSuch\n");
	ht_add("/srv/conf.d/README", "NoSuch\n");
	ht_add("/srv/conf.m", NULL);
	ht_add("/srv/conf.m/x", NULL);
	ht_add("/srv/conf.m/x/one.conf", "Define ONE 1\n");
	ht_add("/srv/conf.m/y", NULL);
	ht_add("/srv/conf.m/y/one.conf", "Define TWO 2\n");
	ht_add("/srv/self.conf", "Include self.conf\n");
	ht_add("/srv/bad.conf", "\n<Directory /x>\n");
	ht_add("/srv/outer.conf", "\nInclude bad.conf\n");
	ht_add("/srv/conf.b", NULL);
	ht_add("/srv/conf.b/1.conf", "<Directory /x>\n");
	ht_add("/srv/conf.b/2.conf", "NoSuch\n");
	for (size_t i = 0; i < ARRAY_LEN(deep); i++) {
		(void)snprintf(deep[i], sizeof(deep[i]), "%.60s/d",
		    i == 0 ? "/srv/d" : deep[i - 1]);
		ht_add(deep[i], NULL);
	}
	ht_add("/srv/d", NULL);
	ht_add("/srv/locked", NULL);
	ht_add("/www", NULL);
}

START_TEST(messages_are_the_peers)
{
	bool is_good;

	world();
	is_good = ht_load(recorded[_i].text) != NULL;
	ck_assert_msg(strcmp(ht_text, recorded[_i].messages) == 0,
	    "%s\ngave\n%s\nnot\n%s", recorded[_i].text, ht_text,
	    recorded[_i].messages);
	ck_assert_int_eq(is_good, recorded[_i].is_good);
}
END_TEST

/* ours: piece of the message that must come; NULL: loads silently */
static const struct {
	const char *text, *piece;
} own[] = {
	{ "SSLEngine off\nRewriteEngine Off\nProxyRequests off\n"
	    "<Directory />\nDav Off\n</Directory>\n",
	    NULL },
	{ "\nSSLEngine on\n", "line 2 of /srv/conf/httpd.conf:\nSSLEngine on: "
	    "TLS is not supported" },
	{ "RewriteRule a b\n", "RewriteRule is not supported: rewriting" },
	{ "<FilesMatch \"a(?=b)\">\n</FilesMatch>\n", "this kind of group is "
	    "not supported at column 2 of 'a(?=b)'" },
	{ "<If \"%{HTTPS} == \">\n</If>\n", "a value is needed" },
	{ "<If \"%{IS_SUBREQ} == 'true'\">\n</If>\n",
	    "this variable is not supported at column 17" },
	{ "<If \"file('/etc/passwd') == 'x'\">\n</If>\n",
	    "this function is not supported" },
	{ "Include self.conf\n", "Exceeded maximum include depth" },
	{ "Include outer.conf\n", "httpd: Syntax error on line 2 of "
	    "/srv/bad.conf: /srv/bad.conf:2: <Directory> was not closed." },
	{ "Include conf.d/z*.conf\n", "No matches for the wildcard" },
	{ "Include conf.d/*.none\n", NULL },
	{ "IncludeOptional nowhere/*.conf\n", NULL },
	{ "Listen 443 https\n", "TLS is not served here" },
	{ "<Directory />\nRequire file-owner\n</Directory>\n",
	    "Require file-owner is not supported" },
	{ "<Directory />\nRequire not ip 10\n</Directory>\n",
	    "negative Require directive has no effect in <RequireAny>" },
	{ "<Directory />\n<RequireAll>\n</RequireAll>\n</Directory>\n",
	    "<RequireAll> directive contains no authorization directives" },
	{ "<Directory />\n<RequireAll>\nRequire not ip 10\n</RequireAll>\n"
	    "</Directory>\n", "contains only negative" },
	{ "<Directory />\nAuthType Digest\n</Directory>\n", "use Basic" },
	{ "<Directory />\nSetHandler server-info\n</Directory>\n",
	    "there is no handler 'server-info'" },
	{ "AddHandler type-map var\nAddOutputFilter INCLUDES .shtml\n", NULL },
	{ "AddOutputFilter EXOTIC .x\n", "there is no filter 'EXOTIC'" },
	{ "Error \"stop here\"\n", "stop here" },
	{ "<IfVersion >= 2.4>\nError yes\n</IfVersion>\n", "yes" },
	{ "<IfVersion < 2.4>\nError yes\n</IfVersion>\n", NULL },
	{ "<IfVersion ~ ^2\\.4>\nError yes\n</IfVersion>\n", "yes" },
	{ "<IfVersion !>= 2.4.99>\nError yes\n</IfVersion>\n", "yes" },
	{ "<IfModule prefork.c>\nError yes\n</IfModule>\n", "yes" },
	{ "LoadModule mpm_event_module x\n<IfModule prefork.c>\nError yes\n"
	    "</IfModule>\n", NULL },
	{ "LoadModule dir_module x\n<IfModule mod_dir.c>\nError yes\n"
	    "</IfModule>\n", "yes" },
	{ "LoadModule dir_module x\n<IfModule mod_dir>\nError yes\n"
	    "</IfModule>\n", NULL },
	{ "<IfModule core.c>\nError yes\n</IfModule>\n", "yes" },
	{ "<IfDefine DEFINED>\nError yes\n</IfDefine>\n", "yes" },
	{ "<IfFile conf.d>\nError yes\n</IfFile>\n", "yes" },
	{ "<IfModule no.c>\n<Bogus>\n<Other a>\n</Other>\n</Bogus>\n"
	    "</IfModule>\n", NULL },
	{ "<IfModule no.c>\n<Bogus>\n</Other>\n</IfModule>\n",
	    "Expected </Bogus> but saw </Other>" },
	{ "Header set X %Q\n", "Unrecognized header format %Q" },
	{ "Header set X\n", "Header set takes 2 arguments" },
	{ "ExpiresDefault \"access plus 1 fortnight\"\n", "bad expires code" },
	{ "RequestReadTimeout header=x\n", "malformed RequestReadTimeout" },
	{ "A\nB\nC\n", "line 3 of" },
	{ "DocumentRoot /www\n", NULL },
	{ "RemoveType tar\nRemoveHandler .x\nRemoveEncoding gz\n"
	    "RemoveCharset .u\nRemoveLanguage .da\nRemoveInputFilter .a\n"
	    "RemoveOutputFilter .a\nScriptSock run/sock\n", NULL },
	{ "Include conf.m\n<IfDefine ONE>\n<IfDefine TWO>\nError both\n"
	    "</IfDefine>\n</IfDefine>\n", "both" },
	{ "Include d\n", "directories nested too deeply in /srv/d/d/d/d" },
	{ "Include locked\n", "could not open config directory /srv/locked" },
	{ "IncludeOptional locked/*.x\nIncludeOptional conf.m/*/none.conf\n"
	    "IncludeOptional /*/none.conf\n", NULL },
	{ "Include conf.m/*/none.conf\n", "Could not open configuration file "
	    "/srv/conf.m/x/none.conf" },
	{ "Include bad.conf\nInclude conf.m\n", "<Directory> was not closed" },
	{ "DocumentRoot /\n", NULL },
	{ "ServerAdmin ${" LONG_128 LONG_128 "}\n", NULL },
	{ "<IfDefine NO>\n" NEST_8 NEST_8 NEST_8 NEST_8, "line 33 of "
	    "/srv/conf/httpd.conf:\nsections nested too deeply" },
	{ "<VirtualHost *:80>\nLogFormat \"%h\" one\n</VirtualHost>\n"
	    "<VirtualHost *:81>\nCustomLog l one\n</VirtualHost>\n", NULL },
	{ "<VirtualHost " LONG_128 LONG_128 ">\n</VirtualHost>\n",
	    NULL },
	{ "Include conf.b\n", "line 1 of /srv/conf.b/1.conf: /srv/conf.b/1.conf:1: "
	    "<Directory> was not closed" },
	{ "ServerRoot /srv/conf.d\nInclude a.conf\n", NULL },
	{ "ServerRoot /none\n", "ServerRoot must be a valid directory" },
	{ "LoadModule ab b\n<IfModule ab>\nError yes\n</IfModule>\n", "yes" },
	{ "<IfModule so_module>\n<IfModule mod_so.c>\nError yes\n</IfModule>\n"
	    "</IfModule>\n", "yes" },
	{ "<VirtualHost *:80>\nCustomLog l none\nCustomLog l common\n"
	    "</VirtualHost>\nLogFormat \"%h\" other\n", NULL },
	{ "<Directory /x>\nIndexIgnoreReset Off\nIndexIgnoreReset On\n"
	    "</Directory>\n", NULL },
	{ "<Files ~ ~>\n</Files>\n<FilesMatch ~>\n</FilesMatch>\n", NULL },
	{ "ErrorDocument 404 more than ${FROM_ENV} word\n",
	    "ErrorDocument takes two arguments" },
	{ "<VirtualHost *:80 _default_:80>\n</VirtualHost>\n<VirtualHost *:80>\n"
	    "</VirtualHost>\n", NULL },
	{ "<If 'a\" == 'b'>\n</If>\n", "Cannot parse condition clause" },
	{ "Include conf.m/*/one.conf\n<IfDefine TWO>\nError yes\n"
	    "</IfDefine>\n", "yes" },
};

START_TEST(own_rules)
{
	const struct conf *conf;

	world();
	conf = ht_load(own[_i].text);
	if (own[_i].piece == NULL) {
		ck_assert_msg(conf != NULL, "%s: %s", own[_i].text, ht_text);
		return;
	}
	ck_assert_msg(conf == NULL, "%s was taken", own[_i].text);
	ck_assert_msg(strstr(ht_text, own[_i].piece) != NULL, "%s gave %s",
	    own[_i].text, ht_text);
}
END_TEST

static const struct conf *
good(const char *text)
{
	const struct conf *conf;

	world();
	conf = ht_load(text);
	ck_assert_msg(conf != NULL, "%s", ht_text);
	return conf;
}

START_TEST(defaults_are_apaches)
{
	const struct conf_vhost *v = &good("")->vhosts[0];

	ck_assert_msg(v->keepalive && v->keepalive_max == 100 &&
	    v->keepalive_ms == 5000 && v->timeout_ms == 60000, "timers");
	ck_assert_msg(v->line_max == 8190 && v->fields_max == 100, "limits");
	ck_assert_msg(v->base.options == CONF_OPT_FOLLOW, "options");
	ck_assert_msg(v->base.etag == (CONF_ETAG_MTIME | CONF_ETAG_SIZE),
	    "etag");
	ck_assert_msg(v->base.require == NULL && v->base.max_ranges == 200,
	    "access, ranges");
	ck_assert_str_eq(v->errlog.target, "/srv/logs/error_log");
}
END_TEST

START_TEST(values_are_stored)
{
	const struct conf *c = good("Listen 8080\nListen [::1]:81\n"
	    "ServerName Some.Example:8081\nKeepAliveTimeout 500ms\n"
	    "Timeout 2min\nLimitRequestBody 7\nServerTokens Prod\n"
	    "RequestReadTimeout header=10-30,MinRate=9 body=5\n"
	    "User apache\nPidFile run/p\nAddType a/b .X y\nAddType c/d x\n"
	    "ErrorDocument 404 \"a\nErrorDocument 404 /b\n"
	    "CustomLog logs/a common env=!x\nCustomLog \"|/bin/x y\" \"%h\"\n"
	    "ErrorLog syslog:local1:tag\n"
	    "LogFormat \"%h\" common\nDirectoryIndex a\nDirectoryIndex b c\n"
	    "IndexOptions FancyIndexing NameWidth=* Charset=UTF-8\n"
	    "IndexOptions +HTMLTable\nAddIcon (DIR,/i/d.gif) ^^DIRECTORY^^\n");
	const struct conf_vhost *v = &c->vhosts[0];
	const struct conf_dir *d = &v->base;

	ck_assert_int_eq((int)c->listens_n, 2);
	ck_assert_int_eq(c->listens[0].port, 8080);
	ck_assert_int_eq(c->listens[1].addr.family, ADDR_V6);
	ck_assert_msg(str_eq(v->name, STR("some.example")), "name");
	ck_assert_int_eq(v->port, 8081);
	ck_assert_int_eq((int)v->keepalive_ms, 500);
	ck_assert_int_eq((int)v->timeout_ms, 120000);
	ck_assert_int_eq((int)d->body_max, 7);
	ck_assert_int_eq(c->tokens, CONF_TOKENS_PROD);
	ck_assert_msg(v->read_head.first_ms == 10000 &&
	    v->read_head.max_ms == 30000 && v->read_head.min_rate == 9 &&
	    v->read_body.first_ms == 5000, "read timeout");
	ck_assert_str_eq(c->user, "apache");
	ck_assert_str_eq(c->pidfile, "/srv/run/p");
	ck_assert_int_eq((int)d->exts.n, 2);
	ck_assert_msg(str_eq(d->exts.v[0].ext, STR("x")) &&
	    str_eq(d->exts.v[0].value[CONF_EXT_TYPE], STR("c/d")) &&
	    str_eq(d->exts.v[1].value[CONF_EXT_TYPE], STR("a/b")), "types");
	ck_assert_msg(d->errdocs.n == 1 &&
	    d->errdocs.v[0].kind == CONF_ERR_PATH, "error documents");
	ck_assert_msg(v->logs_n == 2 && v->logs[0].env_not &&
	    v->logs[1].to.kind == CONF_LOG_PIPE, "logs");
	ck_assert_str_eq(v->logs[0].to.target, "/srv/logs/a");
	ck_assert_str_eq(v->errlog.facility, "local1");
	ck_assert_str_eq(v->errlog.tag, "tag");
	ck_assert_int_eq((int)d->index.n, 3);
	ck_assert_msg(d->ix.opts == (CONF_IX_FANCY | CONF_IX_HTMLTABLE) &&
	    d->ix.name_width == 0 && str_eq(d->ix.charset, STR("UTF-8")),
	    "listing");
	ck_assert_msg(d->ix.icons.n == 1 &&
	    str_eq(d->ix.icons.v[0]->alt, STR("DIR")), "icon");
}
END_TEST

START_TEST(hosts_inherit)
{
	const struct conf *c = good("Timeout 7\nServerAdmin main\n"
	    "Options Indexes\nHeader set A 1\nCustomLog logs/main \"%h\"\n"
	    "Redirect /a /b\n<Directory /x>\nOptions None\n</Directory>\n"
	    "<VirtualHost *:80>\nServerName one\nTimeout 8\nHeader set B 2\n"
	    "Redirect /c /d\n<Directory /y>\n</Directory>\n</VirtualHost>\n"
	    "<VirtualHost 10.0.0.1 some.example:81>\nServerName two\n"
	    "CustomLog logs/two \"%h\"\nOptions +ExecCGI\n</VirtualHost>\n");
	const struct conf_vhost *one = &c->vhosts[1], *two = &c->vhosts[2];

	ck_assert_int_eq((int)c->vhosts_n, 3);
	ck_assert_int_eq((int)one->timeout_ms, 8000);
	ck_assert_int_eq((int)two->timeout_ms, 7000);
	ck_assert_msg(str_eq(one->admin, STR("main")), "admin");
	ck_assert_int_eq((int)one->base.headers.n, 2);
	ck_assert_int_eq((int)one->base.redirects.n, 2);
	ck_assert_int_eq((int)one->dirs.n, 2);
	ck_assert_str_eq(one->logs[0].to.target, "/srv/logs/main");
	ck_assert_int_eq((int)two->logs_n, 1);
	ck_assert_str_eq(two->logs[0].to.target, "/srv/logs/two");
	ck_assert_int_eq(two->base.options,
	    CONF_OPT_INDEXES | CONF_OPT_EXECCGI);
	ck_assert_int_eq((int)c->binds_n, 3);
}
END_TEST

START_TEST(a_host_keeps_what_it_does_not_say)
{
	const struct conf *c = good("RequestReadTimeout header=7 body=8\n"
	    "HttpProtocolOptions RegisteredMethods Require1.0\n"
	    "<VirtualHost *:80>\nRequestReadTimeout body=9\n"
	    "HttpProtocolOptions Allow0.9\n</VirtualHost>\n"
	    "<VirtualHost *:80>\nRequestReadTimeout header=9\n"
	    "HttpProtocolOptions LenientMethods\n</VirtualHost>\n");
	const struct conf_vhost *v = &c->vhosts[1];

	ck_assert_int_eq((int)v->read_head.first_ms, 7000);
	ck_assert_int_eq((int)v->read_body.first_ms, 9000);
	ck_assert_msg(v->methods_registered && v->http09, "only 0.9");
	v = &c->vhosts[2];
	ck_assert_int_eq((int)v->read_head.first_ms, 9000);
	ck_assert_int_eq((int)v->read_body.first_ms, 8000);
	ck_assert_msg(!v->methods_registered && !v->http09, "only methods");
}
END_TEST

START_TEST(types_are_in_lower_case)
{
	const struct conf *c = good("AddType Text/HTML;Charset=X .x\n"
	    "AddEncoding X-Gzip .x\nAddLanguage EN-us .x\nForceType A/B\n"
	    "AddHandler CGI-Script .x\nDefaultLanguage EN-us\n");
	const struct conf_dir *d = &c->vhosts[0].base;

	ck_assert_str_eq(d->exts.v[0].value[CONF_EXT_TYPE].p,
	    "text/html;charset=x");
	ck_assert_str_eq(d->exts.v[0].value[CONF_EXT_ENCODING].p, "x-gzip");
	ck_assert_str_eq(d->exts.v[0].value[CONF_EXT_LANGUAGE].p, "en-us");
	ck_assert_str_eq(d->exts.v[0].value[CONF_EXT_HANDLER].p, "cgi-script");
	ck_assert_str_eq(d->force_type.p, "a/b");
	ck_assert_str_eq(d->default_lang.p, "EN-us");
}
END_TEST

START_TEST(what_is_removed_stays_away)
{
	const struct conf *c = good("AddType a/b .x .y\n<Directory /x>\n"
	    "AddType c/d .x\nRemoveType .x .y\nAddType e/f .y .z\n"
	    "AddLanguage en .y\n</Directory>\n");
	const struct conf_exts *exts = &c->vhosts[0].dirs.v[0]->dir.exts;

	ck_assert_int_eq((int)exts->n, 3);
	ck_assert_str_eq(exts->v[0].value[CONF_EXT_TYPE].p, "");
	ck_assert_str_eq(exts->v[1].value[CONF_EXT_TYPE].p, "");
	ck_assert_str_eq(exts->v[1].value[CONF_EXT_LANGUAGE].p, "en");
	ck_assert_str_eq(exts->v[2].value[CONF_EXT_TYPE].p, "e/f");
}
END_TEST

START_TEST(times_of_expiry)
{
	static const struct {
		const char *when;
		int64_t secs;
		bool from_mtime;
	} rows[] = {
		{ "A60", 60, false }, { "m5", 5, true },
		{ "access plus 1 year 2 months", 31536000 + 2 * 2592000, false },
		{ "now 3 weeks 1 day", 3 * 604800 + 86400, false },
		{ "mod plus 5 min 3 sec", 303, true },
		{ "Acc Plus 2 hrs 1 Mon", 7200 + 2592000, false },
		{ "now plus 4 h 1 d 1 wk 1 y 6 s",
		    14400 + 86400 + 604800 + 31536000 + 6, false },
	};
	char text[128];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct conf_rule *r;

		(void)snprintf(text, sizeof(text), "ExpiresDefault \"%s\"\n",
		    rows[i].when);
		r = good(text)->vhosts[0].base.expires.v[0];
		ck_assert_msg(r->secs == rows[i].secs &&
		    r->from_mtime == rows[i].from_mtime, "%s", rows[i].when);
	}
}
END_TEST

START_TEST(levels_merge)
{
	static uint8_t room[65536];
	const struct conf *c = good("Options Indexes FollowSymLinks\n"
	    "AddType a/b .x\nAddEncoding e .x\nIndexIgnore a\n"
	    "FileETag -MTime\nSetEnvIf A b c\n<Directory /x>\n"
	    "Options -Indexes +ExecCGI\nAddType c/d .x\nIndexIgnore b\n"
	    "FileETag MTime\nErrorDocument 404 x\nSetEnvIf D e f\n"
	    "IndexOptions None\n</Directory>\n<Directory /x/y>\n"
	    "FileETag +Size\nIndexIgnoreReset On\nIndexIgnore z\n"
	    "Options None\n</Directory>\n");
	struct conf_dir d = c->vhosts[0].base;
	struct arena a;

	arena_init(&a, room, sizeof(room));
	ck_assert_int_eq(d.etag, CONF_ETAG_MTIME | CONF_ETAG_SIZE);
	ck_assert_msg(confmerge_dir(&d, &c->vhosts[0].dirs.v[0]->dir, &a),
	    "merge");
	ck_assert_int_eq(d.options, CONF_OPT_FOLLOW | CONF_OPT_EXECCGI);
	ck_assert_msg(d.exts.n == 1 &&
	    str_eq(d.exts.v[0].value[CONF_EXT_TYPE], STR("c/d")) &&
	    str_eq(d.exts.v[0].value[CONF_EXT_ENCODING], STR("e")), "exts");
	ck_assert_int_eq((int)d.ix.ignore.n, 2);
	ck_assert_int_eq((int)d.setenvif.n, 2);
	ck_assert_int_eq(d.etag, CONF_ETAG_MTIME);
	ck_assert_msg(confmerge_dir(&d, &c->vhosts[0].dirs.v[1]->dir, &a),
	    "merge");
	ck_assert_int_eq(d.etag, CONF_ETAG_MTIME | CONF_ETAG_SIZE);
	ck_assert_int_eq((int)d.ix.ignore.n, 1);
	ck_assert_int_eq(d.options, 0);
}
END_TEST

START_TEST(includes_go_by_bytes)
{
	const struct conf *c = good("Include conf.d/*.conf\n");

	/* a.conf, then b.conf; neither hidden files nor others */
	ck_assert_msg(str_eq(c->vhosts[0].admin, STR("b")), "order");
	ck_assert_int_eq((int)c->includes.n, 3);
	c = good("Define X /www\nDocumentRoot ${X}\nServerAdmin "
	    "\"${FROM_ENV} ${nothing}\"\n");
	ck_assert_str_eq(c->vhosts[0].docroot, "/www");
	ck_assert_msg(str_eq(c->vhosts[0].admin,
	    STR("outside ${nothing}")), "variables");
}
END_TEST

/* whatever the memory, an answer and no crash */
START_TEST(memory_may_end_anywhere)
{
	const char *text = "<VirtualHost *:80>\nServerAlias a b*\n"
	    "<Directory ~ \"x+\">\nRequire ip 10 11\nHeader set A b\n"
	    "AddType a/b c d\n</Directory>\nCustomLog l \"%h %{X}i\"\n"
	    "Redirect /a /b\n</VirtualHost>\nInclude conf.d/*.conf\n";
	struct conf_args args = { .file = "conf/httpd.conf", .root = "/srv",
	    .pidfile = "/run/httpd.pid" };
	unsigned good_n = 0;

	(void)good(text);
	for (size_t cap = 0; cap < 200000; cap += 97) {
		const struct conf *conf = NULL;
		uint8_t *mem = malloc(cap + 1);

		arena_init(&ht_arena, mem, cap);
		arena_init(&ht_diag_arena, ht_diag_mem, sizeof(ht_diag_mem));
		diag_init(&ht_diag, &ht_diag_arena);
		if (conf_load(&args, &ht_io, &ht_arena, &ht_diag, &conf))
			good_n++;
		else
			ck_assert_msg(ht_diag.errors_n > 0, "%zu", cap);
		free(mem);
	}
	ck_assert_msg(good_n > 0, "never enough");
}
END_TEST

/* Hosts and everything they inherit: no half of it when memory ends. */
START_TEST(hosts_need_memory_too)
{
	static const char sections[] = "Alias /m /www\nSetEnvIf A b c\n"
	    "Options Indexes\nHeader set M n\nAddType a/b .c\n"
	    "ErrorDocument 404 x\nIndexIgnore a\n"
	    "<Directory /d>\n</Directory>\n<DirectoryMatch x>\n"
	    "</DirectoryMatch>\n<Files a>\n</Files>\n<Location /l>\n"
	    "</Location>\n<If true>\n</If>\n";
	static char text[2048];
	size_t need;

	world();
	ht_add("/srv/types", "text/x x\n");
	(void)snprintf(text, sizeof(text), "TypesConfig types\nListen 80\n"
	    "RemoteIPInternalProxy 10.0.0.1\nInclude conf.m\n"
	    "Include conf.d/*.conf\n%s<VirtualHost *:80 10.0.0.1>\n%s"
	    "</VirtualHost>\n", sections, sections);
	ck_assert_msg(ht_load(text) != NULL, "%s", ht_text);
	need = ht_arena.len;
	for (ht_size = 0; ht_size < need; ht_size += 13)
		ck_assert_msg(ht_load(text) == NULL && ht_diag.errors_n > 0,
		    "%zu of %zu", ht_size, need);
	ht_size = sizeof(ht_mem);
}
END_TEST

/* -C, -c, -d and -f of the command line; what is said, "" when all is well */
START_TEST(command_lines)
{
	static const char *const good_d[] = { "Define ARG a", "ServerAdmin ${ARG}" };
	static const char *const bad_d[] = { "ServerAdmin x", "Bogus", "Bogus2" };
	static const char *const broken[] = { "</A>", "Bogus" };
	static const struct {
		const char *file, *root, *said;
		const char *const *before, *const *after;
		unsigned before_n, after_n;
		bool skip_docroot;
	} lines[] = {
		{ "conf/httpd.conf", "/srv/", "", good_d, good_d, 2, 2, true },
		{ "/srv/conf/httpd.conf", "", "", NULL, NULL, 0, 0, true },
		{ "conf/httpd.conf", "/srv", "AH00526: Syntax error on line 1 of "
		    "/srv/conf/httpd.conf:\nDocumentRoot '/none//' is not a "
		    "directory, or is not readable\n", NULL, NULL, 0, 0, false },
		{ "conf/httpd.conf", "/srv", "AH00526: Syntax error on line 1 of "
		    "-c/-C directives:\nInvalid command 'Bogus', perhaps "
		    "misspelled or defined by a module not included in the server "
		    "configuration\n", bad_d, NULL, 2, 0, true },
		{ "conf/httpd.conf", "/srv", "AH00526: Syntax error on line 1 of "
		    "-c/-C directives:\nInvalid command 'Bogus', perhaps "
		    "misspelled or defined by a module not included in the server "
		    "configuration\n", NULL, bad_d, 0, 2, true },
		{ "conf/httpd.conf", "/srv", "httpd: Syntax error on line 1 of "
		    "-c/-C directives: </A> without matching <A> section\n",
		    broken, NULL, 2, 0, true },
		{ "none", "/srv", "httpd: Could not open configuration file "
		    "/srv/none: No such file or directory\n", NULL, NULL, 0, 0,
		    true },
	};

	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		struct conf_args args = { .file = lines[i].file,
		    .root = lines[i].root, .pidfile = "run/p",
		    .before = lines[i].before, .before_n = lines[i].before_n,
		    .after = lines[i].after, .after_n = lines[i].after_n,
		    .skip_docroot = lines[i].skip_docroot };
		const struct conf *conf = NULL;
		struct wr w;
		bool ok;

		world();
		ht_add("/srv/conf/httpd.conf", "DocumentRoot /none//\n");
		arena_init(&ht_arena, ht_mem, sizeof(ht_mem));
		arena_init(&ht_diag_arena, ht_diag_mem, sizeof(ht_diag_mem));
		diag_init(&ht_diag, &ht_diag_arena);
		ok = conf_load(&args, &ht_io, &ht_arena, &ht_diag, &conf);
		wr_init(&w, ht_text, sizeof(ht_text) - 1);
		conftext_diag(&w, &ht_diag, "httpd");
		ht_text[w.len] = '\0';
		ck_assert_str_eq(ht_text, lines[i].said);
		ck_assert_msg(ok == (lines[i].said[0] == '\0'), "%zu", i);
		if (ok)
			ck_assert_str_eq(conf->pidfile, i == 0 ? "/srv/run/p" :
			    "/run/p");
		if (ok)
			ck_assert_str_eq(conf->vhosts[0].docroot, "/none");
		if (ok && i == 0)
			ck_assert_msg(str_eq(conf->vhosts[0].admin, STR("a")),
			    "-C and -c");
	}
}
END_TEST

START_TEST(messages_that_do_not_fit_are_left_out)
{
	char buf[300];
	struct wr w;

	(void)ht_load("A\nB\n");
	for (size_t cap = 0; cap < sizeof(buf); cap++) {
		wr_init(&w, buf, cap);
		conftext_diag(&w, &ht_diag, "httpd");
		ck_assert_msg(wr_ok(&w) && (w.len == 0 || buf[w.len - 1] == '\n'),
		    "%zu", cap);
	}
}
END_TEST

START_TEST(no_memory_for_a_message_is_said)
{
	struct arena none;
	struct diag diag;
	char buf[300];
	struct wr w;

	arena_init(&none, buf, 1);
	diag_init(&diag, &none);
	diag_add(&diag, DIAG_ERROR, NULL, "x");
	wr_init(&w, buf, sizeof(buf));
	conftext_diag(&w, &diag, "httpd");
	ck_assert_msg(str_eq(wr_as_str(&w), STR("httpd: configuration is too "
	    "large for its memory\n")), "%.*s", STR_ARG(wr_as_str(&w)));
}
END_TEST

START_TEST(table_is_in_order)
{
	const struct dirtab_row *r, *before = NULL;
	unsigned n = 0;

	for (; (r = dirtab_row(n)) != NULL; n++) {
		ck_assert_msg(before == NULL || str_icmp(str_of(before->name),
		    str_of(r->name)) <= 0, "%s", r->name);
		ck_assert_msg(dirtab_find(str_of(r->name)) != NULL, "%s",
		    r->name);
		if (r->treat == DIRTAB_IMPLEMENT)
			ck_assert_msg(r->min <= r->max, "%s", r->name);
		/* .htaccess has nothing but a directory level */
		if (r->contexts & DIRTAB_H && r->field != DIRTAB_F_NONE)
			ck_assert_msg(dirtab_slot(r->field)->level ==
			    DIRTAB_L_DIR, "%s", r->name);
		if (r->treat == DIRTAB_REJECT)
			ck_assert_msg(strlen(dirtab_reason(r)) > 0, "%s",
			    r->name);
		before = r;
	}
	ck_assert_msg(n > 630, "%u rows", n);
	ck_assert_msg(dirtab_find(STR("keepalive")) != NULL, "case");
	ck_assert_msg(dirtab_find(STR("KeepAliv")) == NULL, "prefix");
}
END_TEST

/* -S, as Apache 2.4 prints it */
START_TEST(hosts_and_settings_are_listed)
{
	static char text[4096];
	const struct conf_args args = { 0 };
	const struct conf *conf;
	struct wr w;

	conf = ht_load("ServerName main.example\nUser nobody\nGroup nogroup\n"
	    "Define X y\nErrorLog syslog:local1\n"
	    "<VirtualHost *:80>\nServerName one\nServerAlias uno *.one\n"
	    "</VirtualHost>\n<VirtualHost *:80>\nServerName two\n</VirtualHost>\n"
	    "<VirtualHost [2001:db8::1]:81>\n</VirtualHost>\n"
	    "<VirtualHost 10.0.0.1>\nServerName four\n</VirtualHost>\n"
	    "<VirtualHost 10.0.0.1>\nServerName five\n</VirtualHost>\n"
	    "<VirtualHost _default_:82>\nServerName six\n</VirtualHost>\n");
	ck_assert_msg(conf != NULL, "%s", ht_text);
	wr_init(&w, text, sizeof(text) - 1);
	conftext_vhosts(&w, conf, &args,
	    &(struct conftext_ids){ 65534, 65533, true, true });
	text[w.len] = '\0';
	ck_assert_str_eq(text, "VirtualHost configuration:\n"
	    "[2001:db8::1]:81       main.example (/srv/conf/httpd.conf:13)\n"
	    "10.0.0.1:*             is a NameVirtualHost\n"
	    "         default server four (/srv/conf/httpd.conf:15)\n"
	    "         port * namevhost four (/srv/conf/httpd.conf:15)\n"
	    "         port * namevhost five (/srv/conf/httpd.conf:18)\n"
	    "*:80                   is a NameVirtualHost\n"
	    "         default server one (/srv/conf/httpd.conf:6)\n"
	    "         port 80 namevhost one (/srv/conf/httpd.conf:6)\n"
	    "                 alias uno\n"
	    "                 wild alias *.one\n"
	    "         port 80 namevhost two (/srv/conf/httpd.conf:10)\n"
	    "*:82                   six (/srv/conf/httpd.conf:21)\n"
	    "ServerRoot: \"/srv\"\n"
	    "Main DocumentRoot: \"/var/www/html\"\n"
	    "Main ErrorLog: \"syslog:local1\"\n"
	    "Mutex default: dir=\"/srv/run/\" mechanism=default\n"
	    "PidFile: \"/run/httpd.pid\"\n"
	    "Define: DEFINED\n"
	    "Define: X\n"
	    "User: name=\"nobody\" id=65534\n"
	    "Group: name=\"nogroup\" id=65533\n");
	wr_init(&w, text, sizeof(text) - 1);
	conftext_vhosts(&w, conf, &args, &(struct conftext_ids){ 0, 0, true,
	    false });
	ck_assert_msg(str_find(wr_as_str(&w), STR("ServerRoot")) == STR_NONE,
	    "hosts alone");
	wr_init(&w, text, 10);
	conftext_vhosts(&w, conf, &args, &(struct conftext_ids){ 0, 0, true,
	    true });
	ck_assert_msg(!wr_ok(&w), "no room");
	conf = ht_load("ErrorLog \"|/bin/x y\"\n");
	ck_assert_msg(conf != NULL, "%s", ht_text);
	wr_init(&w, text, sizeof(text) - 1);
	conftext_vhosts(&w, conf, &args, &(struct conftext_ids){ 0, 0, false,
	    true });
	text[w.len] = '\0';
	t_has_line(text, "Main ErrorLog: \"|/bin/x y\"");
	ck_assert_msg(strstr(text, "VirtualHost") == NULL, "settings alone");
}
END_TEST

T_MAIN("httpd_conf")
{
	T_ADD(hosts_and_settings_are_listed);
	T_LOOP(messages_are_the_peers, 0,
	    (int)(sizeof(recorded) / sizeof(*recorded)));
	T_LOOP(own_rules, 0, (int)(sizeof(own) / sizeof(*own)));
	T_ADD(defaults_are_apaches);
	T_ADD(values_are_stored);
	T_ADD(hosts_inherit);
	T_ADD(a_host_keeps_what_it_does_not_say);
	T_ADD(types_are_in_lower_case);
	T_ADD(what_is_removed_stays_away);
	T_ADD(times_of_expiry);
	T_ADD(levels_merge);
	T_ADD(includes_go_by_bytes);
	T_ADD(memory_may_end_anywhere);
	T_ADD(hosts_need_memory_too);
	T_ADD(command_lines);
	T_ADD(messages_that_do_not_fit_are_left_out);
	T_ADD(no_memory_for_a_message_is_said);
	T_ADD(table_is_in_order);
}
