#!/bin/sh
# SPDX-License-Identifier: ISC
# --stats-file of the three servers: the numbers of what a client did, in a form
# that promtool takes (where it is installed), from a server that has given up
# root; a directory that cannot be written is told and nothing else.
. tests/sys/lib.sh
need curl dhclient
private
wire 10.10.3.167/24
chmod 755 "$W"
gone() { ! kill -0 "$1" 2>/dev/null; }

# stop PID NAME - ask it to end, which writes the numbers once more
stop() {
	kill "$1"
	until_true 10 gone "$1" || fail "$2 does not end"
	wait "$1" || fail "$2 ended with status $?"
}

# is NAME LINE - the file NAME.prom has this line
is() { grep -qxF "$2" "$W/$1.prom" || { cat "$W/$1.prom"; fail "$1: no line $2"; }; }

# clean NAME - nothing beside it, readable by all, right in form
clean() {
	[ ! -e "$W/.$1.prom.tmp" ] || fail "$1 leaves its other file"
	[ "$(stat -c %a "$W/$1.prom")" = 644 ] || fail "$1: mode of the file"
	! command -v promtool >/dev/null 2>&1 || promtool check metrics <"$W/$1.prom" ||
	    fail "$1: promtool does not take it"
	pass "$1: $(grep -c '^kickstand' "$W/$1.prom") samples"
}

cat >"$W/dhcpd.conf" <<E
authoritative; ping-check off;
subnet 10.10.3.0 netmask 255.255.255.0 { range 10.10.3.100 10.10.3.109; }
E
"$BUILD/dhcpd" -d -cf "$W/dhcpd.conf" -lf "$W/leases" --no-pid \
    --stats-file "$W/dhcpd.prom" s0 2>"$W/dhcpd.log" &
dhcpd=$!
until_true 10 test -s "$W/dhcpd.prom" || { cat "$W/dhcpd.log"; fail "dhcpd writes no numbers"; }
client dhclient -1 -sf /bin/true -lf "$W/dhclient.leases" -pf "$W/dhclient.pid" c0 2>/dev/null ||
    fail "no lease"
until_true 5 test -s "$W/dhclient.pid" || fail "dhclient has no pid file"
kill "$(cat "$W/dhclient.pid")"
stop "$dhcpd" dhcpd
is dhcpd 'kickstand_dhcpd_received_total{type="request"} 1'
is dhcpd 'kickstand_dhcpd_sent_total{type="ack"} 1'
is dhcpd 'kickstand_dhcpd_reply_seconds_count 2'
is dhcpd 'kickstand_dhcpd_pool_leases{network="10.10.3.0/24",ranges="10.10.3.100-10.10.3.109",state="active"} 1'
is dhcpd 'kickstand_dhcpd_pool_leases{network="10.10.3.0/24",ranges="10.10.3.100-10.10.3.109",state="free"} 9'
clean dhcpd

client ip addr add 10.10.3.110/24 dev c0
mkdir -m 755 "$W/root"
head -c 100000 /dev/urandom >"$W/root/f"
"$BUILD/in.tftpd" -L --stats-file "$W/tftpd.prom" -s "$W/root" &
tftpd=$!
until_true 10 test -s "$W/tftpd.prom" || fail "in.tftpd writes no numbers"
client curl -s -o /dev/null tftp://10.10.3.167/f || fail "nothing by TFTP"
! client curl -s -o /dev/null tftp://10.10.3.167/none || fail "a file that is not there"
stop "$tftpd" in.tftpd
is tftpd 'kickstand_tftpd_requests_total{type="read"} 2'
is tftpd 'kickstand_tftpd_refused_total{code="not-found"} 1'
is tftpd 'kickstand_tftpd_transfers_total{type="read",outcome="complete"} 1'
is tftpd 'kickstand_tftpd_bytes_total{type="read"} 100000'
is tftpd 'kickstand_tftpd_transfers_active 0'
clean tftpd

cat >"$W/httpd.conf" <<E
ServerRoot $W
Listen 10.10.3.167:80
ServerName test
User nobody
DocumentRoot $W/root
PidFile $W/httpd.pid
ErrorLog $W/error_log
TypesConfig /dev/null
E
"$BUILD/httpd" -f "$W/httpd.conf" -DFOREGROUND --stats-file "$W/httpd.prom" &
httpd=$!
until_true 10 test -s "$W/httpd.prom" || fail "httpd writes no numbers"
client curl -s -o /dev/null http://10.10.3.167/f -o /dev/null http://10.10.3.167/none || fail "nothing by HTTP"
stop "$httpd" httpd
is httpd 'kickstand_httpd_requests_total{code="2xx"} 1'
is httpd 'kickstand_httpd_requests_total{code="4xx"} 1'
is httpd 'kickstand_httpd_request_seconds_count 2'
is httpd 'kickstand_httpd_workers 0'
clean httpd

"$BUILD/in.tftpd" -L --stderr --stats-file "$W/none/x.prom" -s "$W/root" 2>"$W/tftpd.log" &
tftpd=$!
until_true 10 grep -q "stats file $W/none/x.prom: No such file or directory" "$W/tftpd.log" ||
    fail "nothing is said about a directory that is not there"
client curl -s -o /dev/null tftp://10.10.3.167/f || fail "no service without numbers"
stop "$tftpd" in.tftpd
[ "$(grep -c 'stats file' "$W/tftpd.log")" = 1 ] || fail "it is said again and again"
pass "numbers that cannot be written do not stop the service"
