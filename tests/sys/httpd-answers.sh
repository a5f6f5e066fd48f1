#!/bin/sh
# SPDX-License-Identifier: ISC
# Heads and log lines that only a running server writes, as Apache 2.4.71 did
# when it was asked the same.
. tests/sys/lib.sh
need curl
private
httpd_room
script error <<'E'
printf 'Content-Type: text/plain\n\n%s %s\n' "$REDIRECT_STATUS" "$REDIRECT_URL"
E
script where <<'E'
printf 'Content-Type: text/plain\n\n%s\n' "$SERVER_ADDR"
E
script nothing <<'E'
printf 'Status: 204 No Content\nContent-Type: text/plain\n\nHTTP/1.1 200 Not Ours\r\n\r\n'
E
script ours <<'E'
printf 'Content-Type: text/plain\nServer: x\nDate: x\nConnection: x\nTransfer-Encoding: chunked\n\nall\n'
E
script open <<'E'
printf 'Content-Type: text/plain\n'
E
script broken <<'E'
printf 'no field\n'
E
echo text >$W/html/a.txt
echo text >$W/html/part.txt
echo closed >$W/html/closed.txt
echo kind >$W/html/kind.txt.cs
echo kind >$W/html/forced.txt.cs
chmod 0 $W/html/closed.txt
cat >$W/conf <<E
ServerRoot "$W"
PidFile "$W/pid"
ServerName test
Listen 127.0.0.1:8080
Listen 8081
User nobody
Group nogroup
DocumentRoot "$W/html"
ErrorLog "$W/logs/error"
LogLevel info
TypesConfig /dev/null
AddType text/plain .txt
ScriptAlias /cgi-bin/ $W/cgi/
Redirect /old http://new.example
ExpiresActive On
ExpiresByType text/plain A60
<Directory "$W">
    Require all granted
</Directory>
<Location /lost>
    ErrorDocument 404 /cgi-bin/error
</Location>
<Location /whole>
    ErrorDocument 404 /cgi-bin/broken
</Location>
<Location /a.txt>
    RequestHeader unset Range env=bad-range
    SetEnvIf Range ",.*," bad-range
</Location>
<Location /part.txt>
    ErrorDocument 416 /cgi-bin/where
    ErrorDocument 417 /cgi-bin/where
</Location>
<Location /get>
    AllowMethods GET
</Location>
<Location /asks>
    AuthType Basic
    AuthName 'the "inner" room'
    AuthUserFile /dev/null
    Require valid-user
</Location>
AddCharset x-y .cs
<Location "/forced*">
    ForceType Text/X
</Location>
<Location /asks/script>
    ErrorDocument 401 /cgi-bin/error
</Location>
<Location /get/script>
    ErrorDocument 405 /cgi-bin/error
</Location>
E
[ "$(id -u)" = 0 ] || sed -i '/^User/d;/^Group/d' $W/conf
"$BUILD/httpd" -X -f $W/conf >$W/log 2>&1 &
pid=$!
url=http://127.0.0.1:8080
until_true 5 curl -s -o $W/out $url/ || fail "not served: $(cat $W/log)"
head_of() { curl -s -m 5 -o $W/out -D - "$@" | tr -d '\r'; }
logged() { until_true 5 grep -q -e "$1" $W/logs/error || fail "not logged: $1: $(cat $W/logs/error)"; }

head_of $url/lost/x | grep -q '^HTTP/1.1 404 ' || fail "an error's script made it a success"
grep -q '^404 /lost/x$' $W/out || fail "an error's script was not told: $(cat $W/out)"
head_of $url/whole/x | grep -q '^HTTP/1.1 404 ' || fail "an error's broken script hid the error"
[ "$(curl -s -m 5 -w '%{http_code} ' $url/cgi-bin/nothing $url/a.txt)" = "204 text
200 " ] || fail "what follows a 204 is not the next answer"
for name in Server Date Connection Transfer-Encoding; do
	[ "$(head_of $url/cgi-bin/ours | grep -ci "^$name:")" -le 1 ] || fail "$name twice"
done
grep -q '^all$' $W/out || fail "framing: $(cat $W/out)"
head_of http://127.0.0.1:8081/part.txt >/dev/null
head_of -r 99- http://127.0.0.1:8081/part.txt | grep -q '^HTTP/1.1 416 ' || fail "no 416"
grep -q '^127.0.0.1$' $W/out || fail "a script does not know where it was asked: $(cat $W/out)"
head_of -r 0-0 $url/a.txt | grep -q '^HTTP/1.1 206 ' || fail "no range"
head_of -r 0-0,2-2,4-4 $url/a.txt | grep -q '^HTTP/1.1 200 ' ||
    fail "RequestHeader did not take a Range away"
head_of -H 'If-None-Match: *' $url/a.txt >$W/head
grep -q '^HTTP/1.1 304 ' $W/head && grep -q '^Cache-Control: max-age=60$' $W/head ||
    fail "a 304 without its Cache-Control: $(cat $W/head)"
head_of $url/asks | grep -q '^WWW-Authenticate: Basic realm="the \\"inner\\" room"$' ||
    fail "quotes of a realm"
[ "$(head_of $url/kind.txt.cs | grep -c '^Content-Type: text/plain; charset=x-y$')" = 1 ] &&
    [ "$(head_of $url/forced.txt.cs | grep -c '^Content-Type: text/x$')" = 1 ] ||
    fail "types: $(head_of $url/kind.txt.cs $url/forced.txt.cs)"
head_of $url/asks/script >$W/head
grep -q '^401 /asks/script$' $W/out && grep -q '^WWW-Authenticate: Basic ' $W/head ||
    fail "the script of a 401 asks for no password: $(cat $W/head $W/out)"
head_of -X POST $url/get/script >$W/head
grep -q '^405 /get/script$' $W/out && grep -q '^Allow: GET,HEAD$' $W/head ||
    fail "the script of a 405 does not say what is allowed: $(cat $W/head $W/out)"
head_of "$url/old/x?" | grep -q '^Location: http://new.example/x?$' || fail "empty query"

head_of -e http://from.example/ $url/none >/dev/null
logged '\[core:info\] \[pid [0-9]*\] \[client 127.0.0.1:[0-9]*\] AH00128: File does not exist: .*/none, referer: http://from.example/$'
head_of $url/cgi-bin/open >/dev/null
logged '\[cgi:error\] .* End of script output before headers: open$'
logged "\[cgi:error\] .* malformed header from script 'broken': Bad header: no field$"
if [ "$(id -u)" = 0 ]; then
	head_of $url/closed.txt >/dev/null
	logged '\[core:error\] \[pid [0-9]*\] (13)Permission denied: \[client 127.0.0.1:[0-9]*\] AH00132: file permissions deny server access: '
fi
head_of -X FOO $url/a.txt >/dev/null
logged '\[core:error\] .* AH00135: Invalid method in request FOO /a.txt HTTP/1.1$'
head_of -X POST $url/get >/dev/null
logged "\[allowmethods:error\] .* AH01623: client method denied by server configuration: 'POST' to $W/html/get$"
head_of $url/a%2fb >/dev/null
logged "\[core:info\] .* AH00026: found %2f (encoded '/') in URI path (/a%2fb), returning 404$"
head_of -H 'Expect: much' $url/a.txt >/dev/null
logged '\[core:info\] .* AH00570: client sent an unrecognized expectation value of Expect: much$'
kill -TERM $pid
wait $pid || fail "exit status $?"
pass "heads and log lines"
