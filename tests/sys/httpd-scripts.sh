#!/bin/sh
# SPDX-License-Identifier: ISC
# Scripts that do not want to end, end; what a script leaves behind on purpose
# stays; 512 run at once, the next are told to come later, and a slot is free
# again when its script is gone.
. tests/sys/lib.sh
need python3 curl
private
httpd_room
script stubborn <<E
trap '' TERM
echo \$\$ >$W/logs/stubborn
while :; do sleep 0.2; done
E
script lingering <<E
trap '' TERM
echo \$\$ >$W/logs/lingering
printf 'Content-Type: text/plain\n\nall\n'
exec >&- 2>&-
while :; do sleep 0.2; done
E
script parent <<E
sleep 60 >/dev/null 2>&1 &
echo \$! >$W/logs/child
printf 'Content-Type: text/plain\n\nall\n'
E
script slow <<E
exec sleep 60
E
cat >$W/conf <<E
ServerRoot "$W"
PidFile "$W/pid"
ServerName test
Listen 127.0.0.1:8080
User nobody
Group nogroup
DocumentRoot "$W/html"
ErrorLog "$W/logs/error"
TypesConfig /dev/null
ScriptAlias /cgi-bin/ $W/cgi/
<Directory "$W">
    Require all granted
</Directory>
<Location /cgi-bin/stubborn>
    CGIScriptTimeout 1
</Location>
E
[ "$(id -u)" = 0 ] || sed -i '/^User/d;/^Group/d' $W/conf
"$BUILD/httpd" -X -f $W/conf >$W/log 2>&1 &
pid=$!
until_true 5 curl -s -o $W/out http://127.0.0.1:8080/ || fail "not served: $(cat $W/log)"
url=http://127.0.0.1:8080/cgi-bin
is_gone() { ! kill -0 "$(cat $W/logs/$1)" 2>/dev/null; }

[ "$(curl -s -m 5 -o $W/out -w '%{http_code}' $url/stubborn)" = 504 ] ||
    fail "the stubborn script: $(cat $W/logs/error)"
is_gone stubborn && fail "the stubborn script did not run"
[ "$(curl -s -m 5 $url/lingering)" = all ] || fail "the lingering script did not answer"
is_gone lingering && fail "the lingering script ended by itself"
[ "$(curl -s -m 5 $url/parent)" = all ] || fail "the parent did not answer"
until_true 10 is_gone stubborn || fail "the stubborn script still runs"
until_true 15 is_gone lingering || fail "the lingering script still runs"
is_gone child && fail "a child left behind on purpose is gone"
kill "$(cat $W/logs/child)"

python3 - <<'E' || fail "see above"
import socket, struct, time
def ask():
    sock = socket.create_connection(("127.0.0.1", 8080))
    # gone at once when it is closed
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.sendall(b"GET /cgi-bin/slow HTTP/1.0\r\n\r\n")
    return sock
def answered(socks):
    got = 0
    for sock in socks:
        sock.setblocking(False)
        try:
            got += sock.recv(100).startswith(b"HTTP/1.1 503 ")
        except BlockingIOError:
            pass
    return got
for turn in 1, 2:
    socks = [ask() for _ in range(520)]
    end = time.monotonic() + 30
    told = 0
    while told < 8 and time.monotonic() < end:
        time.sleep(0.2)
        told += answered(socks)
    time.sleep(1)
    told += answered(socks)
    assert told == 8, f"{told} of 520 were told to come later in turn {turn}"
    for sock in socks:
        sock.close()
    time.sleep(2)
E
kill -TERM $pid
wait $pid || fail "exit status $?"
pass "scripts end: asked, told, killed; 512 at once, twice"
