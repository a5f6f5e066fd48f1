#!/bin/sh
# SPDX-License-Identifier: ISC
# Real clients against in.tftpd: tftp-hpa's, atftp with windows, curl, busybox;
# downloads of awkward sizes in both modes, uploads, rules by lease, a
# transfer that outlives its server.
. tests/sys/lib.sh
need curl cmp
private
wire 10.10.3.167/24
client ip addr add 10.10.3.110/24 dev c0

SERVER=10.10.3.167
root=$W/tftpboot
mkdir -p "$root/up" "$root/hosts/00-50-56-3b-f6-2b" "$W/c"
chmod 755 "$W" "$root" "$root/hosts" "$root/hosts/00-50-56-3b-f6-2b"
chmod 777 "$root/up" "$W/c"
for size in 0 1 511 512 513 1455 1456 1457 65464 300000; do
	head -c $size /dev/urandom > "$root/f$size"
done
head -c 5000000 /dev/urandom > "$root/big"
printf 'one\ntwo\r\nthree\r' > "$root/text"
echo mine > "$root/hosts/00-50-56-3b-f6-2b/cfg"
printf 'lease 10.10.3.110 {\n  binding state active;\n  hardware ethernet %s;\n}\n' \
    00:50:56:3b:f6:2b > "$W/leases"
printf 'r ^cfg$ hosts/\\m/cfg\n' > "$W/rules"
chmod 644 "$root"/f* "$root/big" "$root/text" "$root/hosts"/*/cfg

"$BUILD/in.tftpd" -L -c -v -s -P "$W/pid" -m "$W/rules" --leases "$W/leases" \
    --stderr --log-transfers info "$root" 2> "$W/log" &
until_true 5 test -s "$W/pid" || fail "in.tftpd does not start: $(cat "$W/log")"
cd "$W/c"

# same NAME LOCAL WHO - what the client got is what is served
same() { cmp -s "$root/$1" "$2" || fail "$3: $1 arrived differently"; }

for size in 0 1 511 512 513 1455 1456 1457 65464 300000; do
	client curl -s -o got "tftp://$SERVER/f$size" || [ $size = 0 ] ||
	    fail "curl f$size"
	[ $size = 0 ] || same f$size got curl
done
client curl -s --tftp-blksize 1428 -o got "tftp://$SERVER/big" || fail "curl big"
same big got "curl, blksize 1428"
client curl -s -T "$root/f300000" "tftp://$SERVER/up/curl" || fail "curl upload"
same f300000 "$root/up/curl" "curl upload"
client curl -s -o got "tftp://$SERVER/cfg" || fail "curl cfg"
same hosts/00-50-56-3b-f6-2b/cfg got "rule by lease"
grep -q 'RRQ from 10.10.3.110 filename cfg remapped to .*(00:50:56:3b:f6:2b)$' \
    "$W/log" || fail "no hardware address in: $(grep cfg "$W/log")"
pass "curl: sizes, options, upload, rule by lease"

if command -v tftp >/dev/null 2>&1 && tftp -V 2>&1 | grep -q hpa; then
	rm -f got
	client tftp -m binary $SERVER -c get big got || fail "tftp"
	same big got tftp-hpa
	client tftp -m ascii $SERVER -c get text got || fail "tftp ascii"
	same text got "tftp-hpa netascii"
	client tftp -m binary $SERVER -c put "$root/f513" up/hpa || fail "tftp put"
	same f513 "$root/up/hpa" "tftp-hpa upload"
	pass "tftp-hpa: octet, netascii, upload"
fi
if command -v atftp >/dev/null 2>&1; then
	for w in 1 4 16 64; do
		rm -f got
		client atftp --option "blksize 1456" --option "windowsize $w" \
		    -g -r big -l got $SERVER >/dev/null 2>&1 || fail "atftp $w"
		same big got "atftp, windowsize $w"
	done
	client atftp --option "blksize 1456" -p -l "$root/f300000" \
	    -r up/atftp $SERVER >/dev/null 2>&1 || fail "atftp put"
	same f300000 "$root/up/atftp" "atftp upload"
	pass "atftp: windows of 1, 4, 16 and 64, upload"
fi
if command -v busybox >/dev/null 2>&1; then
	rm -f got
	client busybox tftp -g -b 1400 -r big -l got $SERVER 2>/dev/null || fail "busybox"
	same big got busybox
	client busybox tftp -p -l "$root/f1457" -r up/bb $SERVER 2>/dev/null || fail "busybox put"
	same f1457 "$root/up/bb" "busybox upload"
	pass "busybox: options, upload"
fi

# A long download that has the server for itself, from an address that is not
# the one the route would choose; others come and go; then its client dies.
ip addr add 10.10.3.168/24 dev s0
head -c 60000000 /dev/urandom > "$root/huge"
chmod 644 "$root/huge"
client curl -s -o lone tftp://10.10.3.168/huge &
lone=$!
for i in 1 2 3 4 5; do
	client curl -s -o got "tftp://$SERVER/f513" || fail "beside a long download, $i"
	same f513 got "beside a long download"
	sleep 0.1
done
wait $lone || fail "a long download beside others"
same huge lone "a long download beside others"
ip netns exec client curl -s -o lone tftp://10.10.3.168/huge &
lone=$!
sleep 0.5
kill -KILL $lone
wait $lone 2>/dev/null || true
until_true 20 grep -q 'filename huge: client unreachable' "$W/log" ||
    fail "nobody noticed that the client died: $(tail -n 3 "$W/log")"
client curl -s -o got "tftp://$SERVER/f513" || fail "after a client died"
pass "a lone client, others beside it, its death"

# One slow download; the server is told to stop meanwhile.
rm -f got
client curl -s --limit-rate 1M --tftp-blksize 512 -o got "tftp://$SERVER/big" &
slow=$!
sleep 0.5
kill "$(cat "$W/pid")"
until_true 5 test ! -e "$W/pid" || fail "the pid file stays"
wait $slow || fail "a running download did not survive the server's end"
same big got "download over the server's end"
grep -q 'finished RRQ from 10.10.3.110 filename big: complete, 5000000 bytes' \
    "$W/log" || fail "no line about the end: $(tail -n 3 "$W/log")"
[ -z "$(find "$root" -name '.tftpd-*')" ] || fail "temporary files are left"
pass "stopping lets transfers end"
