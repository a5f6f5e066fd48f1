#!/bin/sh
# SPDX-License-Identifier: ISC
#
# httpd-framing - the end of a connection that a client has already sent more
# to, bodies that come a byte at a time, and what a 405 says is allowed.
. tests/sys/lib.sh
need python3 curl
private
mkdir $W/html $W/logs $W/cgi
head -c 3000000 /dev/zero >$W/html/big
echo fine >$W/html/file
printf '#!/bin/sh\nprintf "Content-Type: text/plain\\n\\n"; wc -c\n' >$W/cgi/count
chmod 755 $W/cgi/count
cat >$W/conf <<E
ServerRoot "$W"
PidFile "$W/pid"
ServerName test
Listen 127.0.0.1:8080
Listen 127.0.0.1:8081
DocumentRoot "$W/html"
ErrorLog "$W/logs/error"
TypesConfig /dev/null
RequestReadTimeout header=5 body=1,MinRate=100
ScriptAlias /cgi-bin/ $W/cgi/
<Location /status>
    SetHandler server-status
</Location>
<Directory "$W">
    Options Indexes
    Require all granted
</Directory>
<VirtualHost *:8081>
    DocumentRoot "$W/html"
    KeepAlive Off
</VirtualHost>
E
"$BUILD/httpd" -X -f $W/conf >$W/log 2>&1 &
pid=$!
until_true 5 curl -s -o $W/out http://127.0.0.1:8080/file || fail "not served: $(cat $W/log)"

python3 - <<'E' || fail "see above"
import socket, time

# an answer is whole although the next request came while it was sent
sock = socket.socket()
sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
sock.connect(("127.0.0.1", 8081))
sock.sendall(b"GET /big HTTP/1.1\r\nHost: a\r\n\r\n")
time.sleep(0.2)
sock.sendall(b"GET /file HTTP/1.1\r\nHost: a\r\n\r\n")
got = 0
while True:
    data = sock.recv(4096)
    if not data:
        break
    got += len(data)
    if got < 200000:
        time.sleep(0.002)
assert got > 3000000, f"{got} bytes of 3000000"

# a body at less than MinRate ends, one above it does not
def trickle(path, pause, n, piece):
    sock = socket.create_connection(("127.0.0.1", 8080), 10)
    sock.sendall(b"POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % (path, n * len(piece)))
    start = time.monotonic()
    try:
        for _ in range(n):
            sock.sendall(piece)
            time.sleep(pause)
        return sock.recv(1000), time.monotonic() - start
    except OSError:
        return b"", time.monotonic() - start

for path in b"/file", b"/cgi-bin/count":
    got, took = trickle(path, 0.2, 30, b"x")
    assert took < 4, f"{path}: {took} s at 5 bytes per second"
    got, took = trickle(path, 0.2, 12, b"x" * 50)
    assert got.startswith(b"HTTP/1.1 200 ") and took > 2, (path, got, took)

# a 405 does not name the method it refuses
for path in b"/", b"/status":
    sock = socket.create_connection(("127.0.0.1", 8080), 10)
    sock.sendall(b"POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % path)
    got = sock.recv(4000)
    allow = [line for line in got.split(b"\r\n") if line.startswith(b"Allow:")]
    assert got.startswith(b"HTTP/1.1 405 ") and len(allow) == 1 and b"GET" in allow[0] and b"POST" not in allow[0], got
E
kill -TERM $pid
wait $pid || fail "exit status $?"
pass "whole answers, slow bodies, Allow"
