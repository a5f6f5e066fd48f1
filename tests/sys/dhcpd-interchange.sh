#!/bin/sh
# SPDX-License-Identifier: ISC
# The leases file goes to ISC dhcpd and comes from it: after 10000 random
# operations on either server, both make the same file out of it at their
# start - same leases, states, owners, in the same order.
. tests/sys/lib.sh
DHCPD=${DHCPD:-$BUILD/dhcpd}
ISC=${ISC:-/usr/sbin/dhcpd}
need python3 nsenter
[ -x "$ISC" ] || skip "ISC dhcpd is not installed as $ISC"
"$ISC" --version 2>&1 | grep -q isc-dhcpd-4.4 || skip "$ISC is not ISC dhcpd 4.4"
private
wire 10.10.0.1/16
ip -n client addr add 10.10.0.2/16 dev c0

cat >$W/dhcpd.conf <<'CONF'
authoritative;
default-lease-time 7200;
min-lease-time 1;
max-lease-time 86400;
ping-check false;
abandon-lease-time 3600;
dhcp-cache-threshold 0;
on commit { set seen = concat("x", binary-to-ascii(16, 8, ":", hardware)); }
class "phones" {
	match if substring(option vendor-class-identifier, 0, 5) = "phone";
	lease limit 500;
	on expiry { log(info, "phone gone"); }
}
class "ports" { spawn with option agent.circuit-id; lease limit 40; }
subnet 10.10.0.0 netmask 255.255.0.0 {
	range 10.10.4.0 10.10.4.255;
	range dynamic-bootp 10.10.9.0 10.10.9.99;
	pool {
		deny members of "phones";
		range 10.10.7.0 10.10.7.255;
	}
}
CONF
status=0
ip netns exec client python3 -B tests/sys/dhcpd-interchange.py "$DHCPD" "$ISC" \
    $W $$ "${OPERATIONS:-10000}" "${SEED:-1}" || status=$?
[ $status = 0 ] || fail "see above"
if command -v dhcp-lease-list >/dev/null 2>&1; then
	n=$(dhcp-lease-list --parsable --lease $W/ours 2>/dev/null |
	    grep -c '^MAC') || true
	[ "$n" -gt 20 ] || fail "dhcp-lease-list sees $n leases in our file"
	pass "dhcp-lease-list sees $n leases"
else
	echo "SKIP $NAME: no dhcp-lease-list"
fi
