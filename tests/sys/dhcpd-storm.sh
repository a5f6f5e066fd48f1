#!/bin/sh
# SPDX-License-Identifier: ISC
# A boot storm: 20,000 clients ask at once, each once, and each has its lease.
. tests/sys/lib.sh
DHCPD=${DHCPD:-$BUILD/dhcpd}
need python3 nsenter
[ "$(id -u)" = 0 ] || skip "only root may have a socket buffer for so many"
private
wire 10.10.0.1/16
ip -n client addr add 10.10.0.2/16 dev c0

cat >$W/dhcpd.conf <<'CONF'
authoritative;
default-lease-time 3600;
ping-check false;
subnet 10.10.0.0 netmask 255.255.0.0 {
	range 10.10.4.0 10.10.200.255;
}
CONF
: >$W/leases
ip netns exec client python3 -B tests/sys/dhcpd-storm.py "$DHCPD" $W $$ \
    "${CLIENTS:-20000}" || fail "see above"
