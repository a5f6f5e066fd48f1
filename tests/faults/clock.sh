#!/bin/sh
# SPDX-License-Identifier: ISC
#
# clock.sh - the wall clock jumps by a year, forth and back, under each program.
#
# The programs of make faults take the wall clock from wrap.c, which moves it by
# what a file says at the moment; timers go by another clock, which never jumps.
# After each jump all three serve at once; a known client keeps its address, and
# nobody else gets it.
set -u
. tests/sys/lib.sh
need ip curl busybox
private
set +e
wire
ip link set c0 2>/dev/null
mkdir -p $W/html $W/logs
head -c 3000 /dev/zero | tr '\0' k >$W/html/file
export ASAN_OPTIONS=detect_leaks=0
export KS_CLOCK=$W/clock
YEAR=31536000

jump() { printf '%20s' "$1" | dd of=$W/clock conv=notrunc 2>/dev/null; }

cat >$W/dhcpd.conf <<'CONF'
authoritative;
ddns-update-style none;
ping-check false;
default-lease-time 600;
subnet 10.10.3.0 netmask 255.255.255.0 { range 10.10.3.100 10.10.3.200; }
CONF
cat >$W/httpd.conf <<CONF
ServerRoot "$W"
Listen 127.0.0.1:8080
ServerName localhost
DocumentRoot "$W/html"
KeepAliveTimeout 3
<Directory "$W/html">
	Require all granted
</Directory>
CustomLog "logs/access_log" "%t %U"
ErrorLog "logs/error_log"
PidFile "$W/httpd.pid"
CONF
cat >$W/script <<'E'
#!/bin/sh
[ "$1" != bound ] || echo "$ip"
E
chmod 755 $W/script
: >$W/leases
printf '%20s' 0 >$W/clock

"$BUILD/dhcpd" -f -d -4 -cf $W/dhcpd.conf -lf $W/leases --no-pid s0 >$W/dhcpd.log 2>&1 &
dhcpd=$!
"$BUILD/in.tftpd" -L -a 127.0.0.1:69 -u root -s $W/html 2>/dev/null &
tftpd=$!
"$BUILD/httpd" -f $W/httpd.conf -DFOREGROUND >$W/httpd.log 2>&1 &
httpd=$!

# lease N - the address that client N gets
lease() {
	ip -n client link set c0 address 02:00:00:00:00:$1
	client busybox udhcpc -i c0 -n -q -f -t 5 -T 1 -s $W/script 2>/dev/null
}
served() {
	until_true 5 sh -c "curl -s -m 4 tftp://127.0.0.1/file | cmp -s - $W/html/file" ||
	    fail "in.tftpd does not serve $1"
	until_true 5 sh -c "curl -s -m 4 http://127.0.0.1:8080/file | cmp -s - $W/html/file" ||
	    fail "httpd does not serve $1"
}
until_true 10 grep -q "Server starting service" $W/dhcpd.log || fail "dhcpd: $(cat $W/dhcpd.log)"
served "before any jump"
known=$(lease 01)
[ -n "$known" ] || fail "no lease before any jump: $(cat $W/dhcpd.log)"

n=2
for to in $YEAR 0 -$YEAR 0; do
	jump $to
	what="at $to seconds"
	served "$what"
	other=$(lease 0$n)
	[ -n "$other" ] || fail "dhcpd has no address for a newcomer $what: $(tail -n 5 $W/dhcpd.log)"
	[ "$other" != "$known" ] || [ "$to" = $YEAR ] || fail "$known is given twice $what"
	again=$(lease 01)
	[ "$again" = "$known" ] || fail "the known client had $known, gets $again $what"
	n=$((n + 1))
done
year=$(date +%Y)
grep -q "/$((year + 1)):" $W/logs/access_log || fail "httpd's clock did not jump"
grep -q "ends . $((year + 1))/" $W/leases || fail "dhcpd's clock did not jump"
for pid in $dhcpd $tftpd $httpd; do
	kill -TERM $pid
	wait $pid || fail "exit status $? of $pid"
done
! grep -q -e AddressSanitizer -e 'runtime error' $W/dhcpd.log $W/httpd.log || fail "sanitizer"
pass "the clock jumped a year forth and back, and a year back and forth: all served, $known kept"
