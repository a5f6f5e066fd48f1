/* SPDX-License-Identifier: ISC */
/*
 * Routing: what a request gets under a configuration, case by case.
 */

#include "tests/unit/rt.h"

#define HOMES	"UserDir public_html\n<Directory /home>\n" \
	"Require all granted\n</Directory>\n"

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
	/* <Files> covers a directory by its name, or by none behind the slash */
	{ "<Files site>\nRequire all denied\n</Files>\n", "GET /site", "",
	    "error 403" },
	{ "<Files site>\nRequire all denied\n</Files>\n", "GET /site/", "",
	    "file 200 /www/site/index.html" },
	{ "<Files *>\nRequire all denied\n</Files>\n", "GET /site", "",
	    "error 403" },
	{ "<FilesMatch ^$>\nRequire all denied\n</FilesMatch>\n", "GET /site/",
	    "", "error 403" },
	{ "<FilesMatch ^$>\nRequire all denied\n</FilesMatch>\n", "GET /site",
	    "", "redirect 301 http://a.example/site/" },
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
	/* the # of a target is one, that of a path is not */
	{ "RedirectMatch ^/rm/(.*)$ /new/$1#to-$1\n", "GET /rm/a%23b?q", "",
	    "redirect 302 http://a.example/new/a%23b#to-a%23b?q" },
	{ "RedirectMatch ^/rm/(.*)$ /new/$1\n", "GET /rm/a%23b", "",
	    "redirect 302 http://a.example/new/a%23b" },
	/* a host without a name has the port of its address */
	{ "<VirtualHost *:80>\n</VirtualHost>\n", "GET /site", "",
	    "redirect 301 http://a.example/site/" },
	{ "<VirtualHost 10.9.9.9:8080 *:80>\n</VirtualHost>\n", "GET /site",
	    "", "redirect 301 http://a.example:8080/site/" },
	{ "ServerName b.example:99\n<VirtualHost *:80 *:81>\n"
	    "UseCanonicalName On\n</VirtualHost>\n", "GET /site", "",
	    "redirect 301 http://b.example/site/" },
	{ "<VirtualHost *:80>\nServerName c.example\nUseCanonicalName On\n"
	    "</VirtualHost>\n", "GET /site", "",
	    "redirect 301 http://c.example/site/" },
	{ "<Location /a.txt>\nRedirect 303 /a.txt /b\n</Location>\n",
	    "GET /a.txt", "", "redirect 303 http://a.example/b" },
	{ "<Location /a.txt>\nRedirect 303 http://b.example/b\n</Location>\n",
	    "GET /a.txt", "", "redirect 303 http://b.example/b" },
	{ "<Location /a.txt>\nRedirect gone\n</Location>\n", "GET /a.txt",
	    "", "error 410" },
	/* any section says from where */
	{ "<Location /a*>\nRedirect /b\n</Location>\n", "GET /a.txt?q", "",
	    "redirect 302 http://a.example/b?q" },
	{ "<Directory /www>\nRedirect permanent http://b.example/\n"
	    "</Directory>\n", "GET /a.txt", "",
	    "redirect 301 http://b.example/" },
	{ "<Files a.txt>\nRedirect 404\n</Files>\n", "GET /a.txt", "",
	    "error 404" },
	{ "<Files b.txt>\nRedirect 404\n</Files>\n", "GET /a.txt", "",
	    "file 200 /www/a.txt" },
	{ "<If \"%{HTTP_HOST} == 'a.example'\">\nRedirect seeother /b\n</If>\n",
	    "GET /a.txt", "", "redirect 303 http://a.example/b" },
	{ "<Directory /www/site>\n<If true>\nRedirect gone\n</If>\n"
	    "</Directory>\n", "GET /a.txt", "", "file 200 /www/a.txt" },
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
	{ "UserDir http://u.example/*/w\n", "GET /~a%20b/j.txt", "",
	    "redirect 302 http://u.example/a%20b/w/j.txt" },
	/* a host inherits directories; its lists are its own, all or none */
	{ HOMES "UserDir disabled jane\n<VirtualHost *:80>\n</VirtualHost>\n",
	    "GET /~joe/j.txt", "", "file 200 /home/joe/public_html/j.txt" },
	{ HOMES "UserDir disabled joe\n<VirtualHost *:80>\n</VirtualHost>\n",
	    "GET /~joe/j.txt", "", "error 404" },
	{ HOMES "<VirtualHost *:80>\nUserDir disabled jane\n</VirtualHost>\n",
	    "GET /~joe/j.txt", "", "file 200 /home/joe/public_html/j.txt" },
	{ HOMES "UserDir disabled joe\n<VirtualHost *:80>\n"
	    "UserDir enabled joe\n</VirtualHost>\n", "GET /~joe/j.txt", "",
	    "file 200 /home/joe/public_html/j.txt" },
	{ HOMES "UserDir disabled\n<VirtualHost *:80>\nUserDir enabled joe\n"
	    "</VirtualHost>\n", "GET /~joe/j.txt", "",
	    "file 200 /home/joe/public_html/j.txt" },
	{ HOMES "UserDir disabled\nUserDir enabled joe\n<VirtualHost *:80>\n"
	    "UserDir /home/*/public_html\n</VirtualHost>\n", "GET /~joe/j.txt",
	    "", "error 404" },
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
	{ "<Location />\n<RequireAll>\nRequire all granted\n<RequireNone>\n"
	    "Require ip 10\n</RequireNone>\n</RequireAll>\n</Location>\n",
	    "GET /a.txt", "", "error 403" },
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
	{ "<Location />\nRequire expr %{TIME_HOUR} -ge 12 && -n req('X')\n"
	    "</Location>\n", "GET /a.txt", "X: 1\r\n", "file 200 /www/a.txt" },
	{ "<Location />\nRequire expr %{TIME_HOUR} -ge 12 && -n req('X')\n"
	    "</Location>\n", "GET /a.txt", "", "error 403" },
	{ "<Location />\n<RequireAll>\nRequire all granted\nRequire not expr "
	    "\"req('X') == \"1\"\"\n</RequireAll>\n</Location>\n",
	    "GET /a.txt", "X: 1\r\n", "error 403" },
	{ "<Location />\nAuthType Basic\nAuthName R\nAuthUserFile passwd\n"
	    "Require expr %{REMOTE_USER} in {'alice', 'al'}\n</Location>\n",
	    "GET /a.txt", "", "error 401" },
	{ "<Location />\nAuthType Basic\nAuthName R\nAuthUserFile passwd\n"
	    "Require expr %{REMOTE_USER} == 'alice' && "
	    "%{AUTH_TYPE} == 'Basic'\n</Location>\n", "GET /a.txt",
	    "Authorization: basic YWxpY2U6c2VjcmV0\r\n",
	    "file 200 /www/a.txt" },
	{ "<Location />\nAuthType Basic\nAuthName R\nAuthUserFile passwd\n"
	    "Require expr %{REMOTE_USER} == 'bob'\n</Location>\n",
	    "GET /a.txt", "Authorization: basic YWxpY2U6c2VjcmV0\r\n",
	    "error 401" },
	{ "<Location />\nRequire expr -z '%{REMOTE_USER}%{AUTH_TYPE}'\n"
	    "</Location>\n", "GET /a.txt", "", "file 200 /www/a.txt" },
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
	/* directories and links on the way */
	{ "<Directory /www>\nOptions -FollowSymLinks\n</Directory>\n",
	    "GET /dl/s.txt", "", "error 403" },
	{ "<Directory /www>\nOptions SymLinksIfOwnerMatch\n</Directory>\n",
	    "GET /dangling", "", "error 403" },
	{ "<Directory /www>\nOptions SymLinksIfOwnerMatch\n</Directory>\n",
	    "GET /loop/x", "", "error 403" },
	{ "", "GET /loop", "", "error 404" },
	{ "", "GET /closed/s.txt", "", "error 403" },
	{ "", "GET /a.txt/" LONG_256, "", "error 404" },
	{ "", "GET /" LONG_256 LONG_256 "/x", "", "error 404" },
	{ "", "GET /" LONG_4096, "", "error 403" },
	{ "<Directory />\nRequire all granted\n</Directory>\n<DirectoryMatch "
	    "^/b$>\nRequire all denied\n</DirectoryMatch>\nAlias /rt /\n",
	    "GET /rt/b", "", "error 403" },
	/* what is missing in the root has the root's rules, not its own */
	{ "<Directory />\nRequire all granted\n</Directory>\n<Directory /m>\n"
	    "Require all denied\n</Directory>\nAlias /rt /\n", "GET /rt/m/n/o",
	    "", "error 404" },
	/* an Alias of a section is for all of it, before others; the last counts */
	{ "Alias /al /www\n<Location /al>\nAlias /alias/one.txt\n</Location>\n"
	    "<Directory /alias>\nRequire all granted\n</Directory>\n",
	    "GET /al/a.txt", "", "file 200 /alias/one.txt" },
	{ "<Location /al>\nAliasPreservePath On\nAlias /www/sub\n</Location>\n",
	    "GET /al/deep/x.cgi", "", "file 200 /www/sub/deep/x.cgi" },
	{ "AliasPreservePath On\n<Location /al/>\nAlias /www/sub\n</Location>\n",
	    "GET /al/deep/x.cgi", "", "file 200 /www/sub/deep/x.cgi" },
	{ "<Location /al/*>\nAliasPreservePath On\nAlias /www/a.txt\n"
	    "</Location>\n", "GET /al/b", "", "file 200 /www/a.txt" },
	{ "<Location ~ ^/al>\nAlias /www/a.txt\n</Location>\n<Location /al/b>\n"
	    "Alias /www/nf.html\n</Location>\n", "GET /al/b/c", "",
	    "file 200 /www/nf.html" },
	/* the type that made scripts before there were handlers; not to be read */
	{ "AddType application/x-httpd-cgi .cgi\n", "GET /sub/deep/x.cgi", "",
	    "error 403" },
	/* <Directory> holds for files that have the name */
	{ "<Directory /www/a.txt>\nRequire all denied\n</Directory>\n",
	    "GET /a.txt", "", "error 403" },
	{ "<Directory /www/sub/deep/*>\nRequire all denied\n</Directory>\n",
	    "GET /sub/deep/x.cgi", "", "error 403" },
	{ "<Directory /www/none>\nRequire all denied\n</Directory>\n",
	    "GET /none", "", "error 404" },
	/* the name of the file is compared as a whole */
	{ "<DirectoryMatch /deep/?$>\nRequire all denied\n</DirectoryMatch>\n",
	    "GET /sub/deep/x.cgi", "", "file 200 /www/sub/deep/x.cgi" },
	{ "<DirectoryMatch /deep$>\nRequire all denied\n</DirectoryMatch>\n",
	    "GET /sub/deep", "", "error 403" },
	{ "<DirectoryMatch /deep/$>\nRequire all denied\n</DirectoryMatch>\n",
	    "GET /sub/deep/", "", "error 403" },
	{ "<Directory ~ \\.cgi$>\nRequire all denied\n</Directory>\n",
	    "GET /sub/deep/x.cgi", "", "error 403" },
	/* a query that is there and empty stays, and so does a semicolon */
	{ "Redirect /r http://o/b\n", "GET /r/x;y?", "",
	    "redirect 302 http://o/b/x;y?" },
	{ "<Location \"\">\nRequire all denied\n</Location>\n", "GET /a.txt", "",
	    "error 403" },
	{ "<If false>\n</If>\n<ElseIf true>\nRequire all denied\n</ElseIf>\n"
	    "<Else>\nRequire all granted\n</Else>\n", "GET /a.txt", "",
	    "error 403" },
	{ "", "GET /pipe", "", "error 403" },
	{ "ScriptAlias /cgi/ /www/\n", "GET /cgi/pipe", "", "error 403" },
	/* methods without a file, and on what is none */
	{ "", "OPTIONS /none", "", "options 200" },
	{ "", "FROB /none", "", "error 501" },
	{ "", "PUT /none", "Content-Length: 0\r\n", "error 405" },
	{ "", "FROB /empty/", "", "error 501" },
	{ "", "PUT /empty/", "Content-Length: 0\r\n", "error 405" },
	{ "", "POST /empty/", "Content-Length: 0\r\n", "error 405" },
	{ "", "OPTIONS *", "", "options 200" },
	{ "SetEnvIf Host . redirect-carefully\n", "HEAD /site", "",
	    "redirect 301 http://a.example/site/" },
	{ "SetEnvIf Host . redirect-carefully\n", "POST /empty",
	    "Content-Length: 0\r\n", "error 405" },
	{ "DirectoryIndex a/ index.html\n", "GET /site/", "",
	    "file 200 /www/site/index.html" },
	{ "DirectoryIndex /empty/ index.html\n", "GET /site/", "",
	    "file 200 /www/site/index.html" },
	{ "DirectoryIndex /secret.txt\nAlias /secret.txt /secret/s.txt\n",
	    "GET /empty/", "", "error 403" },
	{ "FallbackResource /sub/none\n", "GET /none", "", "error 404" },
	{ "FallbackResource a.txt\n", "GET /none", "", "file 200 /www/a.txt" },
	{ "FallbackResource /a.txt\n<Files a.txt>\nRequire all denied\n</Files>\n",
	    "GET /none", "", "error 403" },
	{ "FallbackResource /a.txt\n", "GET /a.txt/x", "", "error 404" },
	/* documents for errors */
	{ "ErrorDocument 404 /sub/\n", "GET /none", "", "error 404" },
	{ "ErrorDocument 404 /cgi/x.cgi\nScriptAlias /cgi/ /www/sub/deep/\n",
	    "GET /none", "", "cgi 404 /www/sub/deep/x.cgi" },
	{ "ErrorDocument 404 /nf.html\n<Location /none>\n"
	    "SetEnvIf Host . A\nRequire ip 10\n</Location>\n", "GET /none", "",
	    "file 404 /www/nf.html" },
	/* targets */
	{ "RedirectMatch ^/rm/(.*) http://b.example/$1?x=$1\n", "GET /rm/a%20b",
	    "", "redirect 302 http://b.example/a%20b?x=a b" },
	{ "RedirectMatch ^/rm http://b.example\n", "GET /rm?q", "",
	    "redirect 302 http://b.example?q" },
	{ "RedirectMatch ^/rm /x?own\n", "GET /rm?q", "",
	    "redirect 302 http://a.example/x?own" },
	{ "RedirectRelative On\n", "GET /site", "",
	    "redirect 301 http://a.example/site/" },
	{ "RedirectRelative On\nRedirect /old /new\n", "GET /old/x", "",
	    "redirect 302 /new/x" },
	{ "Redirect 500 /old\n", "GET /old", "", "error 500" },
	{ "Redirect /old http://b.example/" LONG_4096 LONG_4096 LONG_4096
	    LONG_4096 "\n", "GET /old/xx", "", "error 500" },
	{ "Alias //double//slash /www\n", "GET /double/slash/a.txt", "",
	    "file 200 /www/a.txt" },
	{ "Alias /al/ /www/\n", "GET /alx", "", "error 404" },
	{ "Alias /al/b /www/\n", "GET /al", "", "error 404" },
	{ "AliasMatch ^/am/(.*) /www/./$1\n", "GET /am/a.txt", "", "error 403" },
	{ "AliasMatch ^/am/(.*) /www/$1/..\n", "GET /am/sub", "", "error 403" },
	/* homes of users */
	{ "UserDir /home\n<Directory /home>\nRequire all granted\n</Directory>\n",
	    "GET /~joe/public_html/j.txt", "",
	    "file 200 /home/joe/public_html/j.txt" },
	{ "UserDir http://*.u.example/\n", "GET /~a.example%3f/x", "",
	    "redirect 302 http://a.example%3f.u.example//x" },
	{ "UserDir http://u.example\n", "GET /~joe/j.txt?q", "",
	    "redirect 302 http://u.example/joe/j.txt?q" },
	{ "UserDir public_html\n", "GET /~jane/j.txt", "", "error 404" },
	{ "UserDir public_html\n", "GET /~", "", "error 404" },
	{ "UserDir public_html\n", "GET /~/x", "", "error 404" },
	{ "UserDir /none/* public_html\n<Directory /home>\nRequire all granted\n"
	    "</Directory>\n", "GET /~joe/j.txt", "",
	    "file 200 /home/joe/public_html/j.txt" },
	{ "UserDir public_html http://u.example/\n", "GET /~jane/j.txt", "",
	    "redirect 302 http://u.example//jane/j.txt" },
	{ "UserDir /home/*/.. public_html\n", "GET /~joe/j.txt", "",
	    "error 403" },
	{ "UserDir /home/*/" LONG_4096 "\n", "GET /~joe/j.txt", "",
	    "error 403" },
	{ "UserDir /home/" LONG_4096 "\n", "GET /~joe/j.txt", "", "error 403" },
	{ "UserDir disabled root\nUserDir public_html\n", "GET /~root/", "",
	    "error 404" },
	/* credentials and addresses */
	{ "<Location />\nAuthType Basic\nAuthName R\nAuthGroupFile nowhere\n"
	    "AuthUserFile passwd\nRequire group admins\n</Location>\n",
	    "GET /a.txt", "Authorization: Basic YWxpY2U6c2VjcmV0\r\n",
	    "error 401" },
	{ "<Directory />\nAuthType Basic\nAuthName R\n</Directory>\n"
	    "<Directory /www>\nRequire all denied\nOrder allow,deny\n"
	    "Satisfy any\n</Directory>\n", "GET /a.txt", "", "error 403" },
	{ "DhcpLeases leases\nDhcpAlias /me.cfg /www/ks/%m.cfg\n",
	    "GET /me.cfg", "", "error 404" },
	{ "DhcpAlias /a.txt /www/ks/%d.cfg\n", "GET /a.txt", "",
	    "file 200 /www/a.txt" },
	{ "DhcpLeases leases\nDhcpAlias /a.txt /www/ks/100%%%%m%\n", "GET /a.txt",
	    "", "file 200 /www/ks/100%%m%" },
	{ "DocumentRoot /www\n<Location />\nAuthType Basic\n</Location>\n",
	    "GET /a.txt", "", "error 500" },
	{ "DocumentRoot /www\n<Location />\nOrder allow,deny\nSatisfy any\n"
	    "</Location>\n", "GET /a.txt", "", "error 403" },
	{ "DocumentRoot /www\n<Location />\nAuthMerging And\nRequire ip 11\n"
	    "</Location>\n", "GET /a.txt", "", "error 403" },
	{ "<Location />\nAuthMerging And\nRequire ip 10\n</Location>\n",
	    "GET /a.txt", "", "file 200 /www/a.txt" },
	/* rules of access that meet memory's end */
	{ "<Directory /www/acc>\nAllowOverride All\n</Directory>\n",
	    "GET /acc/a.txt", "", "error 403" },
	{ "<Directory /www/bad>\nAllowOverride All\n</Directory>\n",
	    "GET /bad/a.txt", "", "error 500" },
	{ "SetEnvIf X-One ^ab,.cd$ bad\n<Location />\nOrder allow,deny\n"
	    "Allow from all\nDeny from env=bad\n</Location>\n", "GET /a.txt",
	    "X-One: ab\r\nX-One: cd\r\n", "error 403" },
	{ "<If \"%{REMOTE_ADDR} == '10.0.0.99'\">\nRequire all denied\n</If>\n",
	    "GET /a.txt", "", "error 403" },
	/* every kind of list, merged */
	{ "AddType a/a .a\nAddType b/b .b\nAddType d/d .d .z\nHeader set A a\n"
	    "ErrorDocument 404 \"main\nErrorDocument 410 \"main\n"
	    "IndexIgnore a\nSetEnv A a\nSetEnvIf Host . B\nRedirect /r1 /r2\n"
	    "<Location />\nAddType x/x .a .c .e\nHeader set B b\n"
	    "ErrorDocument 404 \"here\nErrorDocument 500 \"here\nIndexIgnore b\n"
	    "SetEnv B b\nSetEnvIf Host . C\nRedirect /r3 /r4\nAuthMerging And\n"
	    "Require ip 10\n</Location>\n", "GET /none", "", "text 404 here" },
	{ "ErrorDocument 404 \"main\n<Location />\nErrorDocument 403 \"here\n"
	    "</Location>\n", "GET /none", "", "text 404 main" },
	{ "IndexIgnore a\n<Location />\nIndexIgnoreReset Off\n</Location>\n",
	    "GET /a.txt", "", "file 200 /www/a.txt" },
	/* index files, fallbacks, handlers that lead elsewhere */
	{ "DirectoryIndex /empty/ index.html\n<Directory /www/empty>\n"
	    "DirectoryIndex disabled\n</Directory>\n", "GET /site/", "",
	    "file 200 /www/site/index.html" },
	{ "<Location />\nAllowMethods GET POST\n</Location>\n",
	    "HEAD /a.txt", "", "file 200 /www/a.txt" },
	{ "DhcpLeases leases\nSetEnvIf Dhcp_Mac ^52:54 A\n<Location />\n"
	    "Require env A\n</Location>\n", "GET /a.txt", "",
	    "file 200 /www/a.txt" },
	{ "SetEnvIf Dhcp_Mac ^$ A\n<Location />\nRequire env A\n</Location>\n",
	    "GET /a.txt", "", "file 200 /www/a.txt" },
	{ "ErrorDocument 404 /%zz\n", "GET /none", "", "error 404" },
	/* in a section the target is the whole answer, as in Apache 2.4 */
	{ "<Location /old>\nRedirect http://b.example/new\n</Location>\n",
	    "GET /old/x/y?q", "", "redirect 302 http://b.example/new?q" },
	{ "<Location \"\">\nRedirect http://b.example/new\n</Location>\n",
	    "GET /a.txt", "", "redirect 302 http://b.example/new" },
	{ "<LocationMatch ^/old/(.*)>\nRedirect http://b.example/$1\n"
	    "</LocationMatch>\n", "GET /old/x", "",
	    "redirect 302 http://b.example/x" },
	{ "SetEnvIf X-One (.+) A=$1\n<Location />\nRequire env A\n</Location>\n",
	    "GET /a.txt", "X-One: ab\r\n", "file 200 /www/a.txt" },
	{ "ErrorDocument 404 /nf.html\n<Location /nf.html>\nSetEnvIf Host . A\n"
	    "</Location>\n", "GET /none", "", "file 404 /www/nf.html" },
	{ "Redirect 204 /old\n", "GET /old", "", "error 204" },
	{ "AliasMatch ^/am /www/sub\n", "GET /a.txt", "", "file 200 /www/a.txt" },
	{ "<Directory /www>\nOptions -FollowSymLinks\n</Directory>\n",
	    "GET /none", "", "error 404" },
	{ "<Directory /www>\nOptions All -Indexes\n</Directory>\n",
	    "GET /empty/", "", "error 403" },
	{ "<Directory /www>\nOptions None +Indexes\n</Directory>\n",
	    "GET /empty/", "", "list 200 /www/empty/" },
	{ "<If false>\n</If>\n<Else>\nRequire all denied\n</Else>\n",
	    "GET /a.txt", "", "error 403" },
	/* those of one kin join each other, the last says how they join others */
	{ "<Files a.txt>\nAuthMerging Or\nRequire all denied\n</Files>\n"
	    "<Files a*>\nAuthMerging And\nRequire all granted\n</Files>\n",
	    "GET /a.txt", "", "error 403" },
	{ "<Files a.txt>\nAuthMerging And\nRequire all granted\n</Files>\n"
	    "<Files a*>\nAuthMerging Or\nRequire all denied\n</Files>\n",
	    "GET /a.txt", "", "file 200 /www/a.txt" },
	{ "<Files a.txt>\nAuthMerging Or\nRequire all denied\n</Files>\n"
	    "<Files a*>\nAuthMerging And\n</Files>\n",
	    "GET /a.txt", "", "error 403" },
	{ "<Files a.txt>\nAuthMerging Or\nRequire all denied\n</Files>\n"
	    "<Location /a.txt>\nAuthMerging And\nRequire all granted\n"
	    "</Location>\n", "GET /a.txt", "", "file 200 /www/a.txt" },
	{ "<Files a.txt>\nRequire all denied\n</Files>\n"
	    "<Location /a.txt>\nAuthMerging Off\n</Location>\n",
	    "GET /a.txt", "", "file 200 /www/a.txt" },
	{ "<Files a.txt>\nAuthMerging Off\n</Files>\n<Location /a.txt>\n"
	    "AuthMerging Or\nRequire all denied\n</Location>\n",
	    "GET /a.txt", "", "error 403" },
	{ "<Files a.txt>\nRequire all denied\n</Files>\n<Files a*>\n"
	    "AuthMerging Off\n</Files>\n<Files *>\nAuthMerging Or\n"
	    "Require all denied\n</Files>\n",
	    "GET /a.txt", "", "file 200 /www/a.txt" },
	{ "<If true>\n</If>\n<Else>\nRequire all denied\n</Else>\n",
	    "GET /a.txt", "", "file 200 /www/a.txt" },
	{ "<If true>\n<If false>\n</If>\n<Else>\nRequire all denied\n</Else>\n"
	    "</If>\n", "GET /a.txt", "", "error 403" },
	{ "<If false>\n<If true>\nRequire all denied\n</If>\n</If>\n",
	    "GET /a.txt", "", "file 200 /www/a.txt" },
	/* outer ones of all levels first, as in the peer */
	{ "<If true>\nRequire all denied\n<If true>\nRequire all granted\n"
	    "</If>\n</If>\n<Directory /www>\n<If true>\nRequire all denied\n"
	    "</If>\n</Directory>\n", "GET /a.txt", "", "file 200 /www/a.txt" },
	{ "<If true>\n<Files a.txt>\nRequire all denied\n</Files>\n</If>\n",
	    "GET /a.txt", "", "file 200 /www/a.txt" },
	{ "DirectoryIndex /sub\n", "GET /empty/?q", "",
	    "redirect 301 http://a.example/sub/?q" },
	{ "DirectoryIndex /sub\nDirectoryIndexRedirect on\n", "GET /empty/", "",
	    "redirect 301 http://a.example/sub/" },
	{ "FallbackResource /sub\n", "GET /none", "",
	    "redirect 301 http://a.example/sub/" },
	{ "DirectoryIndex \"\"\n", "GET /empty/", "", "list 200 /www/empty/" },
	{ "DirectoryIndex /\n", "GET /", "", "error 500" },
	{ "FallbackResource /none\n", "GET /none", "", "error 404" },
	{ "FallbackResource /none\n", "GET /empty/", "", "list 200 /www/empty/" },
	{ "AddHandler default-handler .txt\n", "GET /a.txt", "",
	    "file 200 /www/a.txt" },
	{ "AddType a/b .txt\n", "GET /a.txt", "", "file 200 /www/a.txt" },
	{ "ScriptAlias /c /www/sub/deep/x.cgi/extra/more/\nAcceptPathInfo Off\n",
	    "GET /c", "", "error 404" },
	{ "ScriptAlias /c /www/sub/deep/x.cgi\nAcceptPathInfo Off\n", "GET /c",
	    "", "cgi 200 /www/sub/deep/x.cgi" },
	{ "ScriptAlias /c /www/sub/deep/x.cgi/extra/more/\n", "GET /c", "",
	    "cgi 200 /www/sub/deep/x.cgi" },
	{ "UserDir rel\n", "GET /~rel/x", "", "error 403" },
	{ "UserDir /home/*\n", "GET /~./x", "", "error 404" },
	{ "UserDir /home/*\n", "GET /a.txt", "", "file 200 /www/a.txt" },
	{ "UserDir public_html\nUserDir disabled\nUserDir enabled jane\n",
	    "GET /~joe/j.txt", "", "error 404" },
	{ "UserDir /home/*/public_html /home/*\n<Directory /home>\n"
	    "Require all granted\n</Directory>\n", "GET /~joe/j.txt", "",
	    "file 200 /home/joe/public_html/j.txt" },
	{ "<DirectoryMatch deep>\nRequire all denied\n</DirectoryMatch>\n",
	    "GET /a.txt", "", "file 200 /www/a.txt" },
	{ "<Directory /www>\nOptions -FollowSymLinks\n</Directory>\n",
	    "GET /a.txt", "", "file 200 /www/a.txt" },
	{ "<Directory />\nRequire all granted\nOptions Indexes\n</Directory>\n"
	    "Alias /rt /\nDirectoryIndex disabled\n", "GET /rt/", "",
	    "list 200 /" },
};

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

/* no plan may be wrong because memory ran out: it is 500 then, or plain text
 * in place of a document */
START_TEST(little_memory_is_an_error)
{
	const struct conf *conf = load(cases[_i].conf);
	struct route whole = *ht_plan(conf, cases[_i].line, cases[_i].fields);
	size_t need = ht_turn.len + 2 * sizeof(whole);
	unsigned full = 0;

	for (size_t cap = 0; cap < need; cap += 7) {
		struct route r;

		/* what is not remembered is merged in the turn */
		route_work_init(&ht_work, ht_work_mem, 0);
		arena_init(&ht_turn, ht_turn_mem, cap);
		route_plan(&ht_in, &ht_fs, &ht_work, &ht_turn, &r);
		if (r.status == 500)
			full++;
		else if (r.kind != ROUTE_ERROR || r.status != whole.status_first)
			ck_assert_msg(strcmp(shown(&r), cases[_i].want) == 0,
			    "%zu of %zu: %s under\n%s: %s, not %s", cap, need,
			    cases[_i].line, cases[_i].conf, shown(&r),
			    cases[_i].want);
	}
	ck_assert_msg(full > 0 || whole.file == NULL, "never full");
}
END_TEST

T_MAIN("httpd_route")
{
	T_LOOP(plans, 0, (int)ARRAY_LEN(cases));
	T_LOOP(little_memory_is_an_error, 0, (int)ARRAY_LEN(cases));
}
