#!/bin/sh
# SPDX-License-Identifier: ISC
#
# httpd-cgi - what scripts may say and do without harm to the connection, the
# worker or themselves: statuses without a body, fields of the framing, local
# redirects (also to themselves), much in the request, work after the answer;
# and what the log says of those that fail.
. tests/sys/lib.sh
need python3 curl
private
httpd_room
echo fine >$W/html/file
type='Content-Type: text/plain\n\n'
script env "printf '$type'; env"
for status in 204 304; do
	script s$status "printf 'Status: $status\nETag: \"x\"\n\nBODY'"
done
script s100 "printf 'Status: 100\n\nBODY'"
script coded "printf 'Transfer-Encoding: chunked\n$type'; echo coded"
script raw "printf 'HTTP/1.1 299 Own\r\n\r\nraw'"
mv $W/cgi/raw $W/cgi/nph-raw
script tag "printf 'ETag: \"x\"\n${type}tag'"
script itself "printf 'Location: /cgi-bin/itself\n\n'"
script inner "printf 'Location: /cgi-bin/env?inner\n\n'"
script document "printf 'Location: /file\n\n'"
script cookie "printf 'Location: http://o/\nSet-Cookie: a=b\n\n'"
after="sleep 0.3; echo; echo done >>$W/logs/after"
script after-url "printf 'Location: http://o/\n\n'; $after"
script after-path "printf 'Location: /file\n\n'; $after"
script after-head "printf '$type'; $after"
script after-304 "printf 'ETag: \"x\"\n$type'; $after"
script mute "exec sleep 60"
script silent :
script noexec :
chmod 644 $W/cgi/noexec
printf '#!/no/such/thing\n' >$W/cgi/nointerp
chmod 755 $W/cgi/nointerp
cat >$W/conf <<E
ServerRoot "$W"
PidFile "$W/pid"
ServerName test
Listen 127.0.0.1:8080
DocumentRoot "$W/html"
ErrorLog "$W/logs/error"
LogFormat "%>s %r" line
CustomLog "$W/logs/access" line
TypesConfig /dev/null
ScriptAlias /cgi-bin/ $W/cgi/
ServerSignature On
ErrorDocument 404 /cgi-bin/env
<Location /cgi-bin/mute>
    CGIScriptTimeout 1
</Location>
<Directory "$W">
    Require all granted
</Directory>
E
"$BUILD/httpd" -X -f $W/conf >$W/log 2>&1 &
pid=$!
until_true 5 curl -s -o $W/out http://127.0.0.1:8080/file || fail "not served: $(cat $W/log)"

python3 - $W <<'E' || fail "see above: $(cat $W/log)"
import re, socket, sys
W = sys.argv[1]
NEXT = b"GET /file HTTP/1.1\r\nHost: a\r\n\r\n"

def talk(*pieces, half=False):
    sock = socket.create_connection(("127.0.0.1", 8080), 10)
    got = b""
    for piece in pieces:
        sock.sendall(piece)
    if half:
        sock.shutdown(socket.SHUT_WR)
    while True:
        data = sock.recv(65536)
        got += data
        if not data:
            return got

def ask(path, method=b"GET", fields=b"", body=b"", end=b"Connection: close\r\n"):
    return talk(method + b" " + path + b" HTTP/1.1\r\nHost: a\r\n" + fields + end + b"\r\n" + body)

def two(path, method=b"GET", fields=b""):
    """The head of the answer, and what comes between it and the next answer."""
    got = talk(method + b" " + path + b" HTTP/1.1\r\nHost: a\r\n" + fields + b"\r\n" +
               NEXT.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    first, rest = got.split(b"\r\n\r\n", 1)
    assert rest.endswith(b"\r\n\r\nfine\n"), (path, got)
    return first, rest[:rest.rindex(b"HTTP/1.1 200")]

for status in b"204", b"304":
    head, body = two(b"/cgi-bin/s" + status)
    assert head.startswith(b"HTTP/1.1 " + status) and body == b"", (head, body)
assert ask(b"/cgi-bin/s100").startswith(b"HTTP/1.1 500 "), "a final status below 200"
head, body = two(b"/cgi-bin/coded")
assert head.count(b"Transfer-Encoding") == 1 and body == b"6\r\ncoded\n\r\n0\r\n\r\n", (head, body)
got = talk(b"GET /cgi-bin/coded HTTP/1.0\r\n\r\n")
assert b"Transfer-Encoding" not in got and got.endswith(b"\r\n\r\ncoded\n"), got
for method in b"GET", b"HEAD":
    assert ask(b"/cgi-bin/nph-raw", method) == b"HTTP/1.1 299 Own\r\n\r\nraw", method
head, body = two(b"/cgi-bin/tag", fields=b"If-Modified-Since: Thu, 02 Jan 2020 03:04:05 GMT\r\n")
assert head.startswith(b"HTTP/1.1 200 "), "a date against a page that has none: %r" % head

got = ask(b"/cgi-bin/env")
sign = re.search(rb"\nSERVER_SIGNATURE=<address>(.*)</address>\n", got)
assert sign and sign[1].endswith(b" at a Port 80"), got

# local redirects: GET, bounded, no body left over, told where they come from
assert ask(b"/cgi-bin/itself").startswith(b"HTTP/1.1 500 "), "a script that leads to itself"
for method in b"POST", b"PUT":
    got = ask(b"/cgi-bin/inner?outer", method, b"Content-Length: 3\r\n", b"abc")
    for line in (b"REQUEST_METHOD=GET", b"QUERY_STRING=inner", b"REDIRECT_STATUS=200", b"REDIRECT_URL=/cgi-bin/inner",
                 b"REDIRECT_QUERY_STRING=outer"):
        assert b"\n" + line + b"\n" in got, (line, got)
    assert b"CONTENT_LENGTH" not in got, got
    assert ask(b"/cgi-bin/document", method, b"Content-Length: 3\r\n", b"abc").endswith(b"\r\n\r\nfine\n"), method
got = ask(b"/gone?x", b"POST", b"Content-Length: 3\r\n", b"abc")
for line in b"REQUEST_METHOD=GET", b"REDIRECT_STATUS=404", b"REDIRECT_URL=/gone", b"REDIRECT_QUERY_STRING=x":
    assert b"\n" + line + b"\n" in got, (line, got)
assert b"\r\nSet-Cookie: a=b\r\n" in ask(b"/cgi-bin/cookie"), "fields beside Location"

# as much as a request may have: served or refused, and the worker lives
for n in range(296, 326):
    got = ask(b"/cgi-bin/env", fields=(b"X: " + b"y" * n + b"\r\n") * 98)
    assert re.match(rb"HTTP/1\.1 (200|400|500) ", got), (n, got[:80])

# a script is not ended because its answer is known
for path, method, fields in ((b"url", b"GET", b""), (b"path", b"GET", b""), (b"head", b"HEAD", b""),
                             (b"304", b"GET", b'If-None-Match: "x"\r\n')):
    ask(b"/cgi-bin/after-" + path, method, fields)
assert open(W + "/logs/after").read() == "done\n" * 4, open(W + "/logs/after").read()

# half of a body is a bad request
got = talk(b"POST /cgi-bin/env HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc", half=True)
assert got.startswith(b"HTTP/1.1 400 "), got
for name in b"mute", b"silent", b"noexec", b"nointerp":
    ask(b"/cgi-bin/" + name)
E
while read -r line; do
	grep -q "$line" $W/logs/error || fail "not logged: $line
$(cat $W/logs/error)"
done <<E
AH01220: Timeout waiting for output from CGI script $W/cgi/mute
End of script output before headers: silent
(13)Permission denied: \[client [^]]*\] exec of '$W/cgi/noexec' failed
(2)No such file or directory: exec of '$W/cgi/nointerp' failed
malformed header from script 's100': Bad header: Status: 100
E
grep -q '^400 POST /cgi-bin/env' $W/logs/access || fail "half of a body: $(cat $W/logs/access)"
kill -TERM $pid
wait $pid || fail "exit status $?"
pass "answers, redirects and ends of scripts"
