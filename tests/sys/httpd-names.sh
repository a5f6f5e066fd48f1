#!/bin/sh
# SPDX-License-Identifier: ISC
#
# httpd-names - Require host while the name server never answers: those it
# concerns are refused, all others are served, and 60 strangers do not cost a
# worker 60 look-ups.  Then names from the hosts file.
. tests/sys/lib.sh
private
need curl python3
[ -e /etc/resolv.conf ] || skip "no /etc/resolv.conf to put our own over"
mkdir -p "$W/html/host" "$W/logs"
chmod 755 "$W"
echo free >"$W/html/a.txt"
echo named >"$W/html/host/b.txt"
cat >"$W/conf" <<E
ServerRoot "$W"
PidFile "$W/pid"
ServerName test
Listen 127.0.0.1:8080
DocumentRoot "$W/html"
ErrorLog "$W/logs/error"
TypesConfig /dev/null
<Directory "$W/html">
    Require all granted
</Directory>
<Location /host>
    Require host install.test
</Location>
E
echo 'nameserver 127.0.0.9' >/run/resolv.conf
# takes every question and answers none, but counts
python3 - "$W/asked" <<'P' &
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('127.0.0.9', 53))
n = 0
while True:
    s.recv(512); n += 1
    with open(sys.argv[1], 'w') as f: f.write('%d\n' % n)
P
deaf=$!
"$BUILD/httpd" -f "$W/conf" -X -DFOREGROUND >"$W/stderr" 2>&1 &
server=$!
U=http://127.0.0.1:8080
until_true 5 curl -s -o /dev/null $U/a.txt || fail "does not answer: $(cat "$W/stderr")"
i=1
while [ $i -le 60 ]; do
	got=$(curl -s -m 20 -o /dev/null -w '%{http_code}' --interface 127.0.1.$i $U/host/b.txt) || :
	[ "$got" = 403 ] || fail "stranger $i: $got"
	[ "$(curl -s -m 20 --interface 127.0.1.$i $U/a.txt)" = free ] || fail "stranger $i gets no free file"
	i=$((i + 1))
done
asked=$(cat "$W/asked")
[ "$asked" -ge 1 ] || fail "nobody was asked"
[ "$asked" -le 20 ] || fail "$asked questions for 60 strangers"
kill $server
wait $server || fail "exit status $?"
pass "60 strangers, $asked questions to a name server that does not answer"

cp /etc/hosts /run/hosts
echo '127.0.2.1 install.test' >>/run/hosts
mount --bind /run/hosts /etc/hosts
"$BUILD/httpd" -f "$W/conf" -X -DFOREGROUND >"$W/stderr" 2>&1 &
server=$!
until_true 5 curl -s -o /dev/null $U/a.txt || fail "does not answer: $(cat "$W/stderr")"
for _ in 1 2; do
	[ "$(curl -s -m 20 --interface 127.0.2.1 $U/host/b.txt)" = named ] || fail "the named machine is refused"
done
kill $server $deaf
wait $server || fail "exit status $?"
pass "a name that leads back to its address is admitted"
