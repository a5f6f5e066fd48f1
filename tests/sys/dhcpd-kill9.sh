#!/bin/sh
# SPDX-License-Identifier: ISC
# kill -9 at 200 random moments: what was acknowledged is in the leases file,
# is known after the restart, and is never given to somebody else.
. tests/sys/lib.sh
DHCPD=${DHCPD:-$BUILD/dhcpd}
need python3 nsenter
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
ip netns exec client python3 -B tests/sys/dhcpd-kill9.py "$DHCPD" $W $$ \
    "${ROUNDS:-200}" "${SEED:-}" || fail "see above"
