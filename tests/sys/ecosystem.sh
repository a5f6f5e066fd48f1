#!/bin/sh
# SPDX-License-Identifier: ISC
#
# ecosystem - programs that read what the peers leave behind read ours: the
# leases (dhcp-lease-list, dhcpd-pools), the logs (logwatch, fail2ban).  And
# ours reads what others generate for ISC dhcpd: Cobbler, xCAT, Foreman, MAAS.
. tests/sys/lib.sh
need busybox curl python3
private
wire 10.10.3.167/24
mkdir -p "$W/html/secret" "$W/logs" "$W/etc"
PATH=$BUILD:$PATH
export PATH
gone() { ! kill -0 "$1" 2>/dev/null; }

# --- generated configurations
for conf in real-cobbler-like real-xcat-like real-foreman-like real-maas-like; do
	(cd tests/golden/dhcpd-conf/ok && dhcpd -t -cf "$conf.conf") >"$W/out" 2>&1 ||
	    { cat "$W/out"; fail "$conf"; }
done
pass "dhcpd.conf as Cobbler, xCAT, Foreman and MAAS generate it"

# --- what a server leaves behind: 6 clients, a local syslog that keeps the lines
cat >"$W/dhcpd.conf" <<-EOF
default-lease-time 3600;
subnet 10.10.3.0 netmask 255.255.255.0 { range 10.10.3.100 10.10.3.109; }
EOF
: >"$W/dhcpd.leases"
dhcpd -d -4 --no-pid -cf "$W/dhcpd.conf" -lf "$W/dhcpd.leases" s0 >"$W/dhcpd.log" 2>&1 &
pid=$!
until_true 10 grep -q 'Server starting service' "$W/dhcpd.log" || fail "dhcpd"
for n in 1 2 3 4 5 6; do
	ip -n client link set c0 down
	ip -n client link set c0 address "52:54:00:00:00:0$n" up
	client busybox udhcpc -i c0 -n -q -f -t 8 -T 1 -s /bin/true -x "hostname:web$n" >"$W/out" 2>&1 ||
	    { cat "$W/out"; fail "client $n"; }
done
kill $pid
until_true 10 gone $pid

if command -v dhcp-lease-list >/dev/null; then
	: >"$W/oui"
	dhcp-lease-list --parsable --lease "$W/dhcpd.leases" >"$W/out" 2>"$W/err" ||
	    { cat "$W/err"; fail dhcp-lease-list; }
	for n in 1 2 3 4 5 6; do
		grep -q "MAC 52:54:00:00:00:0$n IP 10.10.3.10[0-9] HOSTNAME web$n BEGIN .* END" "$W/out" ||
		    { cat "$W/out"; fail "dhcp-lease-list: client $n"; }
	done
	pass "dhcp-lease-list: 6 clients with name and times"
else
	echo "SKIP $NAME: no dhcp-lease-list"
fi

if command -v dhcpd-pools >/dev/null; then
	dhcpd-pools -c "$W/dhcpd.conf" -l "$W/dhcpd.leases" -f j >"$W/out" || fail dhcpd-pools
	python3 - "$W/out" <<-'EOF' || { cat "$W/out"; fail "dhcpd-pools counts something else"; }
	import json, sys
	all_of = json.load(open(sys.argv[1]))['summary']
	sys.exit((all_of['defined'], all_of['used'], all_of['free']) != (10, 6, 4))
	EOF
	pass "dhcpd-pools: 6 of 10 used"
else
	echo "SKIP $NAME: no dhcpd-pools"
fi

# --- logs
{
	# as syslogd writes them
	sed "s/^/$(LC_ALL=C date '+%b %e %H:%M:%S') boot dhcpd[42]: /" "$W/dhcpd.log"
} >"$W/logs/messages"
grep -q 'DHCPACK on 10.10.3.10[0-9] to 52:54:00:00:00:01 (web1) via s0' "$W/logs/messages" ||
    fail "no DHCPACK with a name in the log"

printf 'joe:%s\n' '$apr1$Wq2ZcR7U$jPbS4ab8ZwiSB6kCXoxvS0' >"$W/users"
cat >"$W/httpd.conf" <<-EOF
ServerRoot "$W"
PidFile "$W/httpd.pid"
ServerName test
Listen 10.10.3.167:80
DocumentRoot "$W/html"
ErrorLog "$W/logs/error_log"
LogLevel info
LogFormat "%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\"" combined
CustomLog "$W/logs/access_log" combined
TypesConfig /dev/null
<Directory "$W/html">
    Require all granted
</Directory>
<Directory "$W/html/secret">
    AuthType Basic
    AuthName x
    AuthUserFile "$W/users"
    Require valid-user
</Directory>
EOF
chmod 755 "$W" "$W/html" "$W/html/secret"
echo hello >"$W/html/f"
httpd -f "$W/httpd.conf" || fail "httpd"
client ip addr add 10.10.3.9/24 dev c0
get() { client curl -s -o /dev/null "$@" || true; }
get http://10.10.3.167/f
for n in 1 2 3; do
	get -u "joe:wrong$n" http://10.10.3.167/secret/
	get -u "eve:$n" http://10.10.3.167/secret/
	get http://10.10.3.167/missing.php
	get -A 'EmailCollector' http://10.10.3.167/f
done
httpd -f "$W/httpd.conf" -k stop
until_true 10 test ! -e "$W/httpd.pid" || fail "httpd stays"

# matches FILTER LOG N - fail2ban's own filter finds N lines of ours
matches() {
	fail2ban-regex "$W/logs/$2" "/etc/fail2ban/filter.d/$1.conf" >"$W/out" 2>&1 ||
	    { cat "$W/out"; fail "fail2ban-regex $1"; }
	n=$(sed -n 's/^Lines:.* \([0-9]*\) matched.*/\1/p' "$W/out")
	[ "$n" = "$3" ] || { cat "$W/logs/$2" "$W/out"; fail "fail2ban $1: $n lines, not $3"; }
}
if command -v fail2ban-regex >/dev/null; then
	matches apache-auth error_log 6
	matches apache-noscript error_log 3
	matches apache-badbots access_log 3
	pass "fail2ban: apache-auth, apache-noscript, apache-badbots"
else
	echo "SKIP $NAME: no fail2ban-regex"
fi

if command -v logwatch >/dev/null; then
	logwatch --service dhcpd --range all --detail high --output stdout --format text \
	    --logdir "$W/logs" --archives no >"$W/out" 2>&1 || { cat "$W/out"; fail logwatch; }
	grep -q -i 'dhcpd Begin' "$W/out" || { cat "$W/out"; fail "logwatch sees no dhcpd"; }
	! grep -A 20 'Unknown Entries' "$W/out" || fail "logwatch does not know lines of ours"
	pass "logwatch: dhcpd"
else
	echo "SKIP $NAME: no logwatch"
fi
