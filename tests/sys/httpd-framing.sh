#!/bin/sh
# SPDX-License-Identifier: ISC
#
# httpd-framing - the end of a connection that a client has already sent more
# to, bodies that come a byte at a time, what a 405 says is allowed; answers and
# requests that fill their room to the last octet.
. tests/sys/lib.sh
need python3 curl
private
mkdir $W/html $W/logs $W/cgi
head -c 3000000 /dev/zero >$W/html/big
echo fine >$W/html/file
printf '#!/bin/sh\nprintf "Content-Type: text/plain\\n\\n"; wc -c\n' >$W/cgi/count
cat >$W/cgi/fields <<'E'
#!/usr/bin/python3
import os, sys
n, last = map(int, os.environ["QUERY_STRING"].split(","))
sys.stdout.write("".join(f"X-{i:02}: {'x' * (200 if i < n - 1 else last)}\n" for i in range(n)))
sys.stdout.write("\n" + "b" * 300)
E
chmod 755 $W/cgi/count $W/cgi/fields
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
LimitRequestFieldSize 32768
BrowserMatch a a
BrowserMatch b b
BrowserMatch c c
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
    got, took = trickle(path, 0.2, 100, b"x")
    assert took < 10, f"{path}: {took} s of 20 at 5 bytes per second"
    got, took = trickle(path, 0.2, 12, b"x" * 50)
    assert got.startswith(b"HTTP/1.1 200 ") and took > 2, (path, got, took)

# how an answer is framed holds for any number and length of its fields
class Answer:
    def __init__(self, stream):
        self.status, self.fields = int(stream.readline().split()[1]), {}
        while line := stream.readline().strip():
            name, _, value = line.partition(b": ")
            self.fields[name] = value
        self.body = b""
        if b"Content-Length" in self.fields:
            self.body = stream.read(int(self.fields[b"Content-Length"]))
            return
        assert self.fields.get(b"Transfer-Encoding") == b"chunked", "no length"
        while n := int(stream.readline(), 16):
            self.body += stream.read(n)
            stream.readline()
        stream.readline()

def ask(line, more=b"", body=b""):
    sock = socket.create_connection(("127.0.0.1", 8080), 10)
    sock.sendall(line + b" HTTP/1.1\r\nHost: a\r\n" + more + b"\r\n" + body +
        b"GET /file HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    stream = sock.makefile("rb")
    answer = Answer(stream)
    if b"Connection" not in answer.fields:
        assert Answer(stream).body == b"fine\n"
    assert stream.read() == b"", "more than the answers"
    return answer

for n in 63, 64:
    answer = ask(b"GET /cgi-bin/fields?%d,1" % n)
    assert answer.status == 200 and answer.body == b"b" * 300, n
def fields(n):
    return ask(b"GET /cgi-bin/fields?60,%d" % n)
def agent(path, n, more=b""):
    return ask(b"GET " + path, more + b"User-Agent: x\r\nUser-Agent: " + b"x" * n + b"\r\n")

# the first number from which on it is another status
def border(get, low, high):
    first = get(low).status
    assert get(high).status != first
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if get(middle).status == first else (low, middle)
    return high

full = border(fields, 1000, 8000)
for n in range(full - 8, full + 2):
    answer = fields(n)
    assert answer.body == (b"b" * 300 if n < full else b""), n
# what variables looked at is kept until the answer is out
full = border(lambda n: agent(b"/none", n), 20000, 22500)
for n in range(full - 30, full + 30):
    agent(b"/none", n)
part = b"Range: bytes=0-4\r\n"
full = border(lambda n: agent(b"/big", n, part), 17000, 21000)
for n in range(full - 100, full + 2):
    answer = agent(b"/big", n, part)
    assert (answer.status == 206) == (b"Content-Range" in answer.fields), n

# a body behind a head of any length
for n in 31000, 32000, 32768:
    head = b"Content-Length: 200000\r\nX: "
    head += b"x" * (n - len(head) - len(b"POST /cgi-bin/count HTTP/1.1\r\nHost: a\r\n\r\n\r\n")) + b"\r\n"
    answer = ask(b"POST /cgi-bin/count", head, b"b" * 200000)
    assert answer.body.strip() == b"200000", (n, answer.status, answer.body)

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
pass "whole answers, slow bodies, Allow, full rooms"
