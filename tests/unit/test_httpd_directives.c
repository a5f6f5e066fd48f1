/* SPDX-License-Identifier: ISC */
/*
 * Directives one by one, with every kind of argument: what is accepted, and
 * what is said otherwise.
 */
#include "tests/unit/dirs.h"

static const struct dirs_row rows[] = {
	{ 'D', "Options IncludesNOEXEC", "" },
	{ 'D', "Options -Includes", "" },
	{ 'D', "Options +Includes", "" },
	{ 'D', "Options -Indexes +MultiViews", "" },
	{ 'D', "FileETag None", "" },
	{ 'D', "FileETag MTime None", "" },
	{ 'D', "FileETag INode Bogus",
	    "2: Unknown keyword 'Bogus' for FileETag directive" },
	{ 'D', "FileETag All", "" },
	{ 'D', "FileETag +Size", "" },
	{ 'D', "AllowOverride Options=Indexes,Bogus",
	    "2: Illegal option Bogus" },
	{ 'D', "AllowOverride Options=Indexes,FollowSymLinks", "" },
	{ 'D', "AllowOverride Nonfatal=All AuthConfig", "" },
	{ 'D', "AllowOverride Nonfatal=Bogus", "" },
	{ 'S', "<Location \"/x\">\n"
	    "AllowOverride None\n"
	    "</Location>",
	    "AH00114: Useless use of AllowOverride in line 2 of "
	    "/srv/conf/httpd.conf." },
	{ 'D', "AllowOverrideList None", "" },
	{ 'D', "AllowOverrideList Redirect NoSuchThing ErrorDocument",
	    "AH00116: Discarding unrecognized directive `NoSuchThing\' in "
	    "AllowOverrideList at /srv/conf/httpd.conf:2" },
	{ 'D', "SetHandler none", "" },
	{ 'D', "SetHandler default-handler", "" },
	{ 'D', "SetHandler send-as-is", "" },
	{ 'D', "AddHandler type-map var", "" },
	{ 'D', "AddHandler cgi-script .cgi pl", "" },
	{ 'D', "RemoveHandler .cgi", "" },
	{ 'D', "AddCharset utf-8 .u", "" },
	{ 'D', "AddDefaultCharset Off", "" },
	{ 'D', "AddDefaultCharset On", "" },
	{ 'D', "AddDefaultCharset utf-8", "" },
	{ 'D', "DefaultType none", "" },
	{ 'D', "DefaultType text/html",
	    "AH00117: Ignoring deprecated use of DefaultType in line "
	    "2 of /srv/conf/httpd.conf." },
	{ 'D', "DirectoryIndexRedirect on", "" },
	{ 'D', "DirectoryIndexRedirect off", "" },
	{ 'D', "DirectoryIndexRedirect permanent", "" },
	{ 'D', "DirectoryIndexRedirect temp", "" },
	{ 'D', "DirectoryIndexRedirect seeother", "" },
	{ 'D', "DirectoryIndexRedirect 303", "" },
	{ 'D', "DirectoryIndexRedirect 500",
	    "2: DirectoryIndexRedirect only accepts values between 300 and 399" },
	{ 'D', "DirectoryIndexRedirect bogus",
	    "2: DirectoryIndexRedirect ON|OFF|permanent|temp|seeother|3xx" },
	{ 'D', "ErrorDocument 401 http://x/",
	    "AH00113: /srv/conf/httpd.conf:2 cannot use a full URL in a "
	    "401 ErrorDocument directive "
	    "--- ignoring!" },
	{ 'D', "ErrorDocument 404 default", "" },
	{ 'D', "ErrorDocument 404 \"text", "" },
	{ 'D', "ErrorDocument 404 %{REQUEST_URI}", "" },
	{ 'D', "ErrorDocument 1000 x",
	    "2: Unsupported HTTP response code 1000" },
	{ 'D', "MaxRanges default", "" },
	{ 'D', "MaxRanges unlimited", "" },
	{ 'D', "MaxRanges none", "" },
	{ 'D', "MaxRanges 10", "" },
	{ 'D', "MaxRanges x",
	    "2: MaxRanges requires 'none', 'default', 'unlimited' or a "
	    "positive integer" },
	{ 'D', "MaxRangeOverlaps unlimited", "" },
	{ 'D', "MaxRangeReversals none", "" },
	{ 'D', "MaxRangeOverlaps x",
	    "2: MaxRangeOverlaps requires 'none', 'default', 'unlimited' or a "
	    "positive integer" },
	{ 'D', "MaxRangeReversals x",
	    "2: MaxRangeReversals requires 'none', 'default', 'unlimited' or a "
	    "positive integer" },
	{ 'S', "RedirectPermanent /a http://b/", "" },
	{ 'S', "RedirectTemp /a http://b/", "" },
	{ 'S', "RedirectPermanent /a",
	    "1: RedirectPermanent takes two arguments" },
	{ 'S', "Redirect permanent /a http://b/", "" },
	{ 'S', "Redirect seeother /a http://b/", "" },
	{ 'S', "Redirect gone /a", "" },
	{ 'S', "Redirect gone /a http://b/",
	    "1: Redirect URL not valid for this status" },
	{ 'S', "Redirect 404 /a", "" },
	{ 'S', "Redirect 410 /a /b",
	    "1: Redirect URL not valid for this status" },
	{ 'S', "Redirect 302 /a", "1: URL to redirect to is missing" },
	{ 'S', "Redirect bogus /a http://b/",
	    "1: Redirect: invalid first argument (of three)" },
	{ 'S', "Redirect a http://b/", "" },
	{ 'S', "Redirect /a b", "1: Redirect to non-URL" },
	{ 'S', "Redirect", "1: Redirect takes one, two or three "
	    "arguments" },
	{ 'S', "Redirect \"\" http://b/", "1: Redirect takes one, two or "
	    "three arguments" },
	{ 'S', "RedirectMatch 301 (.*)\\.gif$ http://b/$1.jpg", "" },
	{ 'S', "RedirectMatch ( http://b/",
	    "1: Regex could not be compiled: missing ) at column 1 of "
	    "'('" },
	{ 'S', "RedirectMatch gone /old", "" },
	{ 'S', "<Location \"/z\">\n"
	    "Redirect http://b/\n"
	    "</Location>",
	    "" },
	{ 'S', "<LocationMatch \"/z\">\n"
	    "Redirect http://b/\n"
	    "</LocationMatch>",
	    "" },
	{ 'D', "SetOutputFilter DEFLATE", "" },
	{ 'D', "SetOutputFilter DEFLATE;BROTLI_COMPRESS", "" },
	{ 'D', "SetOutputFilter BOGUS",
	    "2: SetOutputFilter: there is no filter 'BOGUS' here" },
	{ 'D', "IndexOptions NameWidth=* DescriptionWidth=20", "" },
	{ 'D', "IndexOptions NameWidth=4",
	    "2: NameWidth value must be greater than 5" },
	{ 'D', "IndexOptions DescriptionWidth=3",
	    "2: DescriptionWidth value must be greater than 12" },
	{ 'D', "IndexOptions NameWidth=50", "" },
	{ 'D', "IndexOptions -NameWidth", "" },
	{ 'D', "IndexOptions +NameWidth=*", "" },
	{ 'D', "IndexOptions -DescriptionWidth", "" },
	{ 'D', "IndexOptions IconWidth=10 IconHeight=12", "" },
	{ 'D', "IndexOptions IconWidth IconHeight", "" },
	{ 'D', "IndexOptions -IconWidth", "" },
	{ 'D', "IndexOptions Charset=UTF-8 Type=text/html", "" },
	{ 'D', "IndexOptions Bogus", "2: Invalid directory indexing option" },
	{ 'D', "IndexOptions None", "" },
	{ 'D', "IndexOptions +None",
	    "2: Cannot combine \'+\' or \'-\' with \'None\' keyword" },
	{ 'D', "IndexOptions FancyIndexing -HTMLTable +FoldersFirst", "" },
	{ 'D', "IndexOptions +FancyIndexing SuppressIcon", "" },
	{ 'D', "IndexOrderDefault Ascending Date", "" },
	{ 'D', "IndexOrderDefault Descending Size", "" },
	{ 'D', "IndexOrderDefault Descending Description", "" },
	{ 'D', "IndexOrderDefault Sideways Name",
	    "2: First keyword must be 'Ascending' or 'Descending'" },
	{ 'D', "IndexOrderDefault Ascending Colour",
	    "2: Second keyword must be 'Name', 'Date', 'Size', or "
	    "'Description'" },
	{ 'D', "AddIcon (TXT,/icons/t.gif) .txt", "" },
	{ 'D', "AddIcon /icons/d.gif ^^DIRECTORY^^", "" },
	{ 'D', "AddIconByType (IMG,/icons/i.gif) image/*", "" },
	{ 'D', "AddIconByEncoding /icons/c.gif x-gzip", "" },
	{ 'D', "AddAlt \"text\" .txt", "" },
	{ 'D', "AddAltByType \"text\" text/*", "" },
	{ 'D', "AddDescription \"A thing\" *.txt", "" },
	{ 'D', "DefaultIcon /icons/u.gif", "" },
	{ 'D', "IndexStyleSheet \"/s.css\"", "" },
	{ 'D', "IndexHeadInsert \"<meta x>\"", "" },
	{ 'D', "HeaderName H.html", "" },
	{ 'D', "ReadmeName R.html", "" },
	{ 'D', "IndexIgnore *.x ..", "" },
	{ 'D', "IndexIgnoreReset On", "" },
	{ 'S', "LogLevel debug", "" },
	{ 'S', "LogLevel bogus",
	    "1: Log level keyword must be one of emerg/"
	    "alert/crit/error/warn/notice/info/debug/trace1/.../trace8" },
	{ 'S', "LogLevel core:info warn", "" },
	{ 'S', "LogLevel trace8", "" },
	{ 'D', "Require ip 10.0.0.0/8 192.168.1.1", "" },
	{ 'D', "Require ip 10.0.0.0/99",
	    "2: ip address '10.0.0.0/99' appears to be invalid" },
	{ 'D', "Require ip", "2: 'require ip' requires an argument" },
	{ 'D', "Require host example.org", "" },
	{ 'D', "Require not", "2: Unknown Authz provider: " },
	{ 'D', "Require not ip 10.1.1.1",
	    "2: negative Require directive has no effect in "
	    "<RequireAny> directive" },
	{ 'D', "Require valid-user", "" },
	{ 'D', "Require user joe jane", "" },
	{ 'D', "Require group g", "" },
	{ 'D', "Require method GET POST", "" },
	{ 'D', "Require expr \"%{REQUEST_URI} == '/x'\"", "" },
	{ 'D', "Require expr \"%{REQUEST_URI} ==\"",
	    "2: Cannot parse expression in require line: a value is needed "
	    "at column 32" },
	{ 'D', "Require expr  true x",
	    "2: Cannot parse expression in require line: something is left "
	    "over at column 20" },
	{ 'D', "Require expr", "2: Cannot parse expression in require "
	    "line: a value is needed at column 13" },
	{ 'D', "Require expr \"a\" == 'a'", "" },
	{ 'D', "Require expr 1", "2: Cannot parse expression in require line: "
	    "an operator is needed at column 15" },
	{ 'D', "<RequireAll>\nRequire local\nError stop\n</RequireAll>",
	    "4: stop" },
	{ 'D', "Require env blue", "" },
	{ 'D', "Require local", "" },
	{ 'D', "Require all",
	    "2: Argument for 'Require all' must be 'granted' or "
	    "'denied'" },
	{ 'D', "Require all maybe",
	    "2: Argument for 'Require all' must be 'granted' or "
	    "'denied'" },
	{ 'D', "Require forward-dns some.example", "" },
	{ 'D', "<RequireAll>\n"
	    "Require all granted\n"
	    "</RequireAll>",
	    "" },
	{ 'D', "<RequireAny>\n"
	    "Require not ip 10.1.1.1\n"
	    "</RequireAny>",
	    "3: negative Require directive has no effect in "
	    "<RequireAny> directive\n"
	    "AH00526: Syntax error on line 2 of "
	    "/srv/conf/httpd.conf:\n"
	    "<RequireAny> directive contains no authorization "
	    "directives" },
	{ 'D', "<RequireAll>\n"
	    "Require not ip 10.1.1.1\n"
	    "</RequireAll>",
	    "2: <RequireAll> directive contains only negative "
	    "authorization directives" },
	{ 'D', "<RequireAll>\n"
	    "</RequireAll>",
	    "2: <RequireAll> directive contains no authorization "
	    "directives" },
	{ 'D', "Order allow,deny\n"
	    "Allow from all",
	    "" },
	{ 'D', "Order mutual-failure", "" },
	{ 'D', "Allow 10.1.1.1", "2: Allow requires at least two arguments" },
	{ 'D', "Allow from env=x", "" },
	{ 'D', "Allow from env=!x", "" },
	{ 'D', "Deny from 10.0.0.0/99",
	    "2: '10.0.0.0/99' is no address or network" },
	{ 'D', "Deny from evil.example 10.1.", "" },
	{ 'D', "Satisfy any", "" },
	{ 'D', "Satisfy all", "" },
	{ 'D', "Satisfy maybe", "2: Satisfy either 'any' or 'all'." },
	{ 'D', "AuthType None", "" },
	{ 'D', "AuthType Basic", "" },
	{ 'D', "AuthType Bogus",
	    "2: AuthType Bogus is not supported; use Basic" },
	{ 'D', "AuthBasicProvider file", "" },
	{ 'D', "AuthBasicProvider ldap",
	    "2: Unknown Authn provider: ldap; only \"file\" is "
	    "supported" },
	{ 'D', "AuthBasicAuthoritative Off", "" },
	{ 'D', "AuthBasicAuthoritative On", "" },
	{ 'S', "ErrorLogFormat %10000M", "1: The specified loglevel modifier is "
	    "out of range" },
	{ 'S', "ErrorLogFormat %-M", "" },
	{ 'S', "ErrorLogFormat %-1+{x}M", "1: The '+' flag cannot be used in the "
	    "main error log format" },
	{ 'D', "AuthMerging And", "" },
	{ 'D', "AuthMerging Or", "" },
	{ 'D', "AuthMerging Xor", "2: AuthMerging must be one of: Off|And|Or" },
	{ 'D', "SetEnv A b", "" },
	{ 'D', "SetEnv A", "" },
	{ 'D', "PassEnv FROM_ENV NOPE",
	    "AH01506: PassEnv variable NOPE was undefined" },
	{ 'D', "UnsetEnv A B", "" },
	{ 'D', "SetEnvIf Remote_Addr \"10\\.\" local", "" },
	{ 'D', "SetEnvIf ^X- y z", "" },
	{ 'D', "SetEnvIf Host", "2: Missing regular expression for SetEnvIf" },
	{ 'D', "SetEnvIf Host x",
	    "2: Missing envariable expression for SetEnvIf" },
	{ 'D', "SetEnvIf Host ( x",
	    "2: Regex could not be compiled: missing ) at column 1 of "
	    "'('" },
	{ 'D', "SetEnvIfNoCase Request_Method get !a b=c", "" },
	{ 'D', "BrowserMatch Mozilla moz=1 !ie", "" },
	{ 'D', "BrowserMatchNoCase robot",
	    "2: Missing envariable expression for BrowserMatchNoCase" },
	{ 'D', "Header set X y", "" },
	{ 'D', "Header set X: y", "" },
	{ 'D', "Header set X", "2: Header set takes 2 arguments" },
	{ 'D', "Header unset X y", "2: Header unset takes 1 argument" },
	{ 'D', "Header append X y early", "" },
	{ 'D', "Header add X y env=!z", "" },
	{ 'D', "Header add X y env=z", "" },
	{ 'D', "Header add X \"expr=%{HTTP_HOST}\"",
	    "2: Header: expr= is not supported" },
	{ 'D', "Header add X y \"expr=-z %{HTTP_HOST}\"",
	    "2: Header: expr= is not supported; use env=" },
	{ 'D', "Header edit X ^a b", "" },
	{ 'D', "Header edit X a", "2: Header edit takes 3 arguments" },
	{ 'D', "Header bogus X y",
	    "2: first argument must be 'add', 'set', 'setifempty', "
	    "'append', 'merge', 'unset', 'echo', 'note', 'edit', or "
	    "'edit*'." },
	{ 'D', "Header always set X y", "" },
	{ 'D', "Header onsuccess set X y", "" },
	{ 'D', "Header set X \"%t %D %l %b %{A}e %% %i %z\"",
	    "2: Unrecognized header format %l" },
	{ 'D', "Header set X \"%{A}s\"", "" },
	{ 'D', "Header set X \"%{A\"", "2: Unrecognized header format %{" },
	{ 'D', "Header set X \"%\"", "2: Header has a lone % at the end" },
	{ 'D', "Header echo X", "" },
	{ 'D', "Header note X y", "" },
	{ 'D', "Header set X y bogus", "2: Header set takes 2 arguments" },
	{ 'D', "RequestHeader set X y", "" },
	{ 'D', "RequestHeader onsuccess set X y",
	    "2: first argument must be 'add', 'set', 'setifempty', "
	    "'append', 'merge', 'unset', 'echo', 'note', 'edit', or "
	    "'edit*'." },
	{ 'D', "RequestHeader echo X",
	    "2: first argument must be 'add', 'set', 'setifempty', "
	    "'append', 'merge', 'unset', 'echo', 'note', 'edit', or "
	    "'edit*'." },
	{ 'D', "ExpiresActive On", "" },
	{ 'D', "ExpiresDefault \"access plus 1 month 2 days\"", "" },
	{ 'D', "ExpiresDefault \"modification 3 hours\"", "" },
	{ 'D', "ExpiresDefault \"now plus 1 second\"", "" },
	{ 'D', "ExpiresDefault \"access plus\"", "" },
	{ 'D', "ExpiresDefault \"access plus one day\"",
	    "2: 'ExpiresDefault access plus one day': bad expires "
	    "code, numeric value expected" },
	{ 'D', "ExpiresDefault \"later plus 1 day\"",
	    "2: 'ExpiresDefault later plus 1 day': bad expires code, "
	    "numeric value expected" },
	{ 'D', "ExpiresDefault A3600", "" },
	{ 'D', "ExpiresDefault M60", "" },
	{ 'D', "ExpiresDefault B60",
	    "2: 'ExpiresDefault B60': bad expires code, numeric value "
	    "expected" },
	{ 'D', "ExpiresByType text/html \"access plus 1 year\"", "" },
	{ 'D', "ExpiresByType text/html bogus",
	    "2: 'ExpiresByType bogus': bad expires code, numeric "
	    "value expected" },
	{ 'S', "TransferLog logs/t", "" },
	{ 'S', "CustomLog logs/a combined env=!x", "" },
	{ 'S', "CustomLog logs/a \"%h\" env=x", "" },
	{ 'S', "CustomLog logs/a \"%h\" bogus",
	    "1: error in condition clause" },
	{ 'S', "CustomLog logs/a \"%h\" \"expr=-z 'x'\"",
	    "1: CustomLog: only env= is supported as a condition" },
	{ 'S', "CustomLog \"|/bin/cat\" \"%h\"", "" },
	{ 'S', "CustomLog \"||/bin/cat\" \"%h\"", "" },
	{ 'S', "CustomLog \"|$/bin/cat\" \"%h\"", "" },
	{ 'S', "CustomLog \"|\" \"%h\"",
	    "1: CustomLog: no command after the bar" },
	{ 'S', "ErrorLog syslog", "" },
	{ 'S', "ErrorLog syslog:user", "" },
	{ 'S', "ErrorLog syslog:user:tag", "" },
	{ 'S', "ErrorLog syslog:bogus", "" },
	{ 'S', "ErrorLog \"|/bin/cat\"", "" },
	{ 'S', "LogFormat \"%h\"", "" },
	{ 'S', "LogFormat \"%h %{\" x",
	    "1: Unrecognized LogFormat directive %{" },
	{ 'S', "LogFormat \"%200,304{Referer}i\" x", "" },
	{ 'S', "LogFormat \"%!200x\" x",
	    "1: Unrecognized LogFormat directive %!200x" },
	{ 'S', "GlobalLog logs/g \"%h\"", "" },
	{ 'S', "ServerName http://a.example:81", "" },
	{ 'S', "ServerName https://a.example", "" },
	{ 'S', "ServerName a.example:0",
	    "1: The port number \"a.example:0\" is outside the appropriate "
	    "range (i.e., 1..65535)." },
	{ 'S', "ServerName a.example:x",
	    "1: The port number \"a.example:x\" is outside the appropriate "
	    "range (i.e., 1..65535)." },
	{ 'S', "ServerAlias *.a b", "1: ServerAlias not allowed here" },
	{ 'S', "ServerPath /x",
	    "ServerPath has no effect: hosts are chosen by address and "
	    "name (line 1 of /srv/conf/httpd.conf)" },
	{ 'S', "UseCanonicalName DNS", "" },
	{ 'S', "UseCanonicalName bogus",
	    "1: UseCanonicalName must be one of: Off|On|DNS" },
	{ 'S', "Listen 10.0.0.1:80", "" },
	{ 'S', "Listen [::1]:80", "" },
	{ 'S', "Listen *:80", "" },
	{ 'S', "Listen 80 https",
	    "1: Listen 80 https: TLS is not served here; put a "
	    "terminator in front" },
	{ 'S', "Listen 80 http extra", "1: Listen requires 1 or 2 arguments." },
	{ 'S', "Listen 0", "1: Invalid address or port" },
	{ 'S', "Listen 70000", "1: Invalid address or port" },
	{ 'S', "Listen x:80", "1: Invalid address or port" },
	{ 'S', "Listen 10.0.0.1", "1: Port must be specified" },
	{ 'S', "Alias /a /srv", "" },
	{ 'S', "AliasMatch ( /srv",
	    "1: Regex could not be compiled: missing ) at column 1 of "
	    "'('" },
	{ 'S', "AliasMatch ^/a/(.*) /srv/$1", "" },
	{ 'S', "ScriptAlias /cgi /srv", "" },
	{ 'S', "<Location \"/al\">\n"
	    "Alias /srv\n"
	    "</Location>",
	    "" },
	{ 'S', "UserDir disabled", "" },
	{ 'S', "UserDir enabled joe", "" },
	{ 'S', "UserDir public_html", "" },
	{ 'S', "UserDir disabled joe", "" },
	{ 'S', "RequestReadTimeout header=20-40,MinRate=500 "
	    "body=20,MinRate=500",
	    "" },
	{ 'S', "RequestReadTimeout header=20-10",
	    "1: Unknown or malformed RequestReadTimeout parameter "
	    "header=20-10" },
	{ 'S', "RequestReadTimeout header=x",
	    "1: Unknown or malformed RequestReadTimeout parameter "
	    "header=x" },
	{ 'S', "RequestReadTimeout header=20-40,Rate=500",
	    "1: Unknown or malformed RequestReadTimeout parameter "
	    "header=20-40,Rate=500" },
	{ 'S', "RequestReadTimeout handshake=0", "" },
	{ 'S', "RequestReadTimeout bogus=1",
	    "1: Unknown or malformed RequestReadTimeout parameter "
	    "bogus=1" },
	{ 'S', "RequestReadTimeout header",
	    "1: Unknown or malformed RequestReadTimeout parameter "
	    "header" },
	{ 'S', "HttpProtocolOptions Strict Require1.0 RegisteredMethods", "" },
	{ 'S', "HttpProtocolOptions Allow0.9 LenientMethods", "" },
	{ 'S', "HttpProtocolOptions Unsafe",
	    "1: HttpProtocolOptions Unsafe is not supported: "
	    "ambiguous requests are refused" },
	{ 'S', "HttpProtocolOptions Bogus",
	    "1: HttpProtocolOptions accepts 'Strict', "
	    "'RegisteredMethods', 'LenientMethods', 'Require1.0' and "
	    "'Allow0.9'" },
	{ 'S', "ServerTokens Prod", "" },
	{ 'S', "ServerTokens ProductOnly", "" },
	{ 'S', "ServerTokens Major", "" },
	{ 'S', "ServerTokens Minor", "" },
	{ 'S', "ServerTokens Min", "" },
	{ 'S', "ServerTokens Minimal", "" },
	{ 'S', "ServerTokens OS", "" },
	{ 'S', "ServerTokens Full", "" },
	{ 'S', "ServerTokens Bogus",
	    "1: ServerTokens takes 1 argument: 'Prod', 'Major', "
	    "'Minor', 'Min', 'OS', or 'Full'" },
	{ 'S', "ServerSignature EMail", "" },
	{ 'S', "ServerSignature Bogus",
	    "1: ServerSignature must be one of: Off|On|EMail" },
	{ 'S', "RemoteIPHeader X-Forwarded-For", "" },
	{ 'S', "RemoteIPTrustedProxy 10.0.0.0/8", "" },
	{ 'S', "RemoteIPInternalProxy bogus",
	    "1: RemoteIP: 'bogus' is no address or network" },
	{ 'S', "ServerRoot /nowhere",
	    "1: ServerRoot must be a valid directory" },
	{ 'S', "SuexecUserGroup a b", "" },
	{ 'S', "SSLEngine off", "" },
	{ 'S', "SSLEngine on",
	    "1: SSLEngine on: TLS is not supported; remove the "
	    "directive or the file that contains it" },
	{ 'S', "ProxyRequests off", "" },
	{ 'S', "ProxyPass /x http://b/",
	    "1: ProxyPass is not supported: proxying is not supported" },
	{ 'S', "TraceEnable extended", "" },
	{ 'S', "TraceEnable off", "" },
	{ 'S', "TraceEnable bogus",
	    "1: TraceEnable must be one of: Off|On|Extended" },
	{ 'S', "LimitRequestBody 0", "" },
	{ 'S', "LimitRequestBody x",
	    "1: LimitRequestBody \"x\" must be a non-negative integer" },
	{ 'S', "LimitRequestFields 0", "" },
	{ 'S', "LimitRequestLine 100", "" },
	{ 'S', "KeepAliveTimeout 500ms", "" },
	{ 'S', "KeepAliveTimeout 5", "" },
	{ 'S', "KeepAliveTimeout x", "1: KeepAliveTimeout has wrong format" },
	{ 'S', "Timeout 0", "" },
	{ 'S', "Timeout 60", "" },
	{ 'S', "Timeout x",
	    "Timeout x is no number of seconds; the default is used" },
	{ 'S', "ServerLimit 5", "" },
	{ 'S', "MaxRequestWorkers x",
	    "1: MaxRequestWorkers \"x\" must be a non-negative integer" },
	{ 'S', "StartServers 2", "" },
	{ 'S', "PidFile run/p", "" },
	{ 'S', "User nobody", "" },
	{ 'S', "Group #65534", "" },
	{ 'S', "HostnameLookups Double", "" },
	{ 'S', "HostnameLookups bogus",
	    "1: HostnameLookups must be one of: Off|On|Double" },
	{ 'S', "EnableSendfile off", "" },
	{ 'S', "EnableMMAP bogus", "1: EnableMMAP must be On or Off" },
	{ 'S', "AcceptPathInfo on", "" },
	{ 'S', "AcceptPathInfo Default", "" },
	{ 'S', "AcceptPathInfo bogus",
	    "1: AcceptPathInfo must be one of: Off|On|Default" },
	{ 'S', "ContentDigest on", "" },
	{ 'S', "Define A b", "" },
	{ 'S', "Define A", "" },
	{ 'S', "Define \"A B\" c", "" },
	{ 'S', "UnDefine A", "" },
	{ 'S', "Define ${x} y", "AH00111: Config variable ${x} is not defined" },
	{ 'S', "Error \"no good\"", "1: no good" },
	{ 'S', "<IfVersion >= 2.4>\n"
	    "KeepAlive x\n"
	    "</IfVersion>",
	    "2: KeepAlive must be On or Off" },
	{ 'S', "<IfVersion 2.4.99>\n"
	    "KeepAlive x\n"
	    "</IfVersion>",
	    "" },
	{ 'S', "<IfVersion < 2.4>\n"
	    "KeepAlive x\n"
	    "</IfVersion>",
	    "" },
	{ 'S', "<IfVersion <= 2.2>\n"
	    "KeepAlive x\n"
	    "</IfVersion>",
	    "" },
	{ 'S', "<IfVersion > 2.9>\n"
	    "KeepAlive x\n"
	    "</IfVersion>",
	    "" },
	{ 'S', "<IfVersion = 2.4.1>\n"
	    "KeepAlive x\n"
	    "</IfVersion>",
	    "" },
	{ 'S', "<IfVersion !~ ^2.4>\n"
	    "KeepAlive x\n"
	    "</IfVersion>",
	    "" },
	{ 'S', "<IfVersion ~ ^9>\n"
	    "KeepAlive x\n"
	    "</IfVersion>",
	    "" },
	{ 'S', "<IfVersion /^9/>\n"
	    "KeepAlive x\n"
	    "</IfVersion>",
	    "" },
	{ 'S', "<IfVersion bogus>\n"
	    "KeepAlive x\n"
	    "</IfVersion>",
	    "httpd: Syntax error on line 1 of /srv/conf/httpd.conf: "
	    "Version appears to be invalid. It must have the format "
	    "major[.minor[.patch]] where major, minor and patch are "
	    "numbers." },
	{ 'S', "<IfVersion ++ 2>\n"
	    "KeepAlive x\n"
	    "</IfVersion>",
	    "httpd: Syntax error on line 1 of /srv/conf/httpd.conf: "
	    "unrecognized operator '++'" },
	{ 'S', "<IfFile /srv/none>\n"
	    "KeepAlive x\n"
	    "</IfFile>",
	    "" },
	{ 'S', "<IfFile /srv>\n"
	    "KeepAlive x\n"
	    "</IfFile>",
	    "2: KeepAlive must be On or Off" },
	{ 'S', "<IfFile !/srv>\n"
	    "KeepAlive x\n"
	    "</IfFile>",
	    "" },
	{ 'S', "<IfDefine DEFINED>\n"
	    "KeepAlive x\n"
	    "</IfDefine>",
	    "2: KeepAlive must be On or Off" },
	{ 'S', "<IfDefine !DEFINED>\n"
	    "KeepAlive x\n"
	    "</IfDefine>",
	    "" },
	{ 'S', "<Files \"x\">\n"
	    "Require all denied\n"
	    "</Files>",
	    "" },
	{ 'S', "<Files ~ \"\\.x$\">\n"
	    "Require all denied\n"
	    "</Files>",
	    "" },
	{ 'S', "<FilesMatch \"(\">\n"
	    "</FilesMatch>",
	    "1: Regex could not be compiled: missing ) at column 1 of "
	    "'('" },
	{ 'S', "<Directory ~ \"/x\">\n"
	    "</Directory>",
	    "" },
	{ 'S', "<DirectoryMatch \"^/srv/[0-9]+/\">\n"
	    "<Files a>\n"
	    "</Files>\n"
	    "</DirectoryMatch>",
	    "" },
	{ 'S', "<Directory \"/srv/\">\n"
	    "<Directory \"/x\">\n"
	    "</Directory>\n"
	    "</Directory>",
	    "2: <Directory not allowed in <Directory> context" },
	{ 'S', "<Location \"/x\">\n"
	    "<Directory \"/x\">\n"
	    "</Directory>\n"
	    "</Location>",
	    "2: <Directory not allowed in <Location> context" },
	{ 'S', "<Files \"a\">\n"
	    "<Directory \"/x\">\n"
	    "</Directory>\n"
	    "</Files>",
	    "2: <Directory not allowed in <Files> context" },
	{ 'S', "<VirtualHost *:80>\n"
	    "<VirtualHost *:81>\n"
	    "</VirtualHost>\n"
	    "</VirtualHost>",
	    "2: <VirtualHost> cannot occur within <VirtualHost> "
	    "section" },
	{ 'S', "<VirtualHost *:80>\n"
	    "User nobody\n"
	    "</VirtualHost>",
	    "2: User cannot occur within <VirtualHost> section" },
	{ 'S', "<VirtualHost *:80>\n"
	    "SuexecUserGroup a b\n"
	    "</VirtualHost>",
	    "2: SuexecUserGroup is not supported: scripts run as the "
	    "server's user" },
	{ 'S', "<VirtualHost some.example>\n"
	    "</VirtualHost>",
	    "" },
	{ 'S', "<VirtualHost _default_:80>\n"
	    "</VirtualHost>",
	    "" },
	{ 'S', "<VirtualHost [::1]:80 10.0.0.1>\n"
	    "ServerName x\n"
	    "</VirtualHost>",
	    "" },
	{ 'S', "<If \"%{HTTP_HOST} == 'x'\">\n"
	    "KeepAlive On\n"
	    "</If>",
	    "2: KeepAlive not allowed in <If> context" },
	{ 'S', "<If \"%{HTTP_HOST} == 'x'\">\n"
	    "Require all denied\n"
	    "</If>\n"
	    "<ElseIf \"true\">\n"
	    "Require all denied\n"
	    "</ElseIf>\n"
	    "<Else>\n"
	    "Require all granted\n"
	    "</Else>",
	    "" },
	{ 'S', "<If true>\n</If>\n<Else x>\n</Else>",
	    "3: <Else> does not take an argument" },
	{ 'S', "MaxKeepAliveRequests -x",
	    "1: MaxKeepAliveRequests \"-x\" must be a non-negative integer" },
	{ 'S', "RequestReadTimeout header=20-10,MinRate=500",
	    "1: Unknown or malformed RequestReadTimeout parameter "
	    "header=20-10,MinRate=500" },
	{ 'S', "<If \"bogus bogus\">\n"
	    "</If>",
	    "1: Cannot parse condition clause: a value is needed "
	    "at column 5" },
	{ 'S', "<If true>\n"
	    "Require all denied\n"
	    "</If>",
	    "" },
	{ 'D', "<Limit GET POST>\n"
	    "Require all denied\n"
	    "</Limit>",
	    "" },
	{ 'D', "<LimitExcept GET>\n"
	    "Require all denied\n"
	    "</LimitExcept>",
	    "" },
	{ 'D', "AllowMethods GET POST", "" },
	{ 'D', "AllowMethods reset", "" },
	{ 'D', "AllowMethods BOGUS",
	    "2: AllowMethods: Invalid Method 'BOGUS'" },
	{ 'D', "Options", "" },
	{ 'D', "KeepAlive On",
	    "2: KeepAlive not allowed in <Directory> context" },
	{ 'D', "Listen 80",
	    "2: Listen not allowed in <Directory> context" },
	{ 'D', "RewriteEngine on",
	    "2: RewriteEngine on: rewriting is not supported; remove "
	    "the directive or the file that contains it" },
	{ 'D', "FallbackResource /x", "" },
	{ 'D', "FallbackResource disabled", "" },
	{ 'D', "DirectoryIndex disabled", "" },
	{ 'D', "DirectoryIndex a b /c", "" },
	{ 'D', "DirectorySlash Off", "" },
	{ 'D', "AddType text/x .x", "" },
	{ 'D', "AddType x .x", "" },
	{ 'D', "AddEncoding x-gzip .gz", "" },
	{ 'D', "AddLanguage de .de", "" },
	{ 'D', "LanguagePriority de en", "" },
	{ 'D', "ForceType text/plain", "" },
	{ 'D', "ForceType none", "" },
	{ 'D', "MimeMagicFile x",
	    "2: MimeMagicFile not allowed in <Directory> context" },
	{ 'D', "XBitHack on", "" },
	{ 'S', "Include /srv/none.conf",
	    "httpd: Syntax error on line 1 of /srv/conf/httpd.conf: "
	    "Could not open configuration file /srv/none.conf: No "
	    "such file or directory" },
	{ 'S', "Include /srv/*.none", "" },
	{ 'S', "IncludeOptional /srv/*.none", "" },
	{ 'S', "LoadModule bogus_module modules/bogus.so", "" },
	{ 'S', "LoadModule x", "1: LoadModule takes two arguments" },
	{ 'S', "NameVirtualHost *:80",
	    "AH00548: NameVirtualHost has no effect and will be "
	    "removed in the next release /srv/conf/httpd.conf:1" },
	{ 'S', "BufferedLogs On", "" },
	{ 'S', "CookieLog x", "" },
	{ 'S', "ScriptLog logs/s", "" },
	{ 'S', "ScriptSock run/s", "" },
	{ 'S', "TypesConfig /none",
	    "AH01597: could not open mime types config file /none: No "
	    "such file or directory" },
	{ 'S', "MultiviewsMatch Any", "" },
	{ 'S', "AllowEncodedSlashes NoDecode", "" },
	{ 'S', "AllowEncodedSlashes bogus",
	    "1: AllowEncodedSlashes must be one of: Off|On|NoDecode" },
	{ 'S', "MergeSlashes OFF", "" },
	{ 'S', "MaxMemFree 0", "" },
	{ 'S', "Mutex default", "" },
	{ 'S', "Protocols h2 http/1.1", "" },
	{ 'S', "ExtendedStatus On", "" },
	{ 'S', "ServerAdmin", "1: ServerAdmin takes one argument" },
	{ 'S', "ServerAdmin a b", "1: ServerAdmin takes one argument" },
	{ 'S', "#comment", "" },
	{ 'S', "Redirect /a mailto:x", "" },
	{ 'S', "Redirect /a /b", "" },
	{ 'S', "Redirect /a b:c", "" },
	{ 'S', "Redirect /a %{x}:b", "1: Redirect to non-URL" },
	{ 'S', "<Location /a>\n"
	    "Redirect b\n"
	    "</Location>",
	    "" },
	{ 'S', "<VirtualHost *:80>\n"
	    "ScriptSock a\n"
	    "</VirtualHost>",
	    "2: ScriptSock cannot occur within <VirtualHost> section" },
};

START_TEST(directive)
{
	dirs_check(&rows[_i]);
}
END_TEST

START_TEST(little_memory_is_said)
{
	dirs_memory(rows, ARRAY_LEN(rows));
}
END_TEST

T_MAIN("httpd_directives") {
	T_ADD(little_memory_is_said);
	T_LOOP(directive, 0, (int)ARRAY_LEN(rows));
}
