#!/bin/sh
# SPDX-License-Identifier: ISC
# dhcpd at its limits and beyond: starvation by a million hardware addresses, a
# syslog that nobody reads, a full disk, no descriptors, no memory, a cable that
# is pulled, an address that changes.  After each it serves again by itself.
#
# FLOOD=1000000  hardware addresses
. tests/sys/lib.sh
need python3 ip prlimit
private
wire 10.10.0.1/16
ip -n client addr add 10.10.0.2/16 dev c0
own_dev
mkdir $W/db
mount -t tmpfs -o size=4m none $W/db

cat >$W/dhcpd.conf <<'CONF'
authoritative;
ddns-update-style none;
default-lease-time 3600;
min-lease-time 1;
ping-check false;
class "strangers" {
	match if substring(hardware, 1, 1) = 06;
	default-lease-time 5;
	max-lease-time 5;
}
class "each" {
	spawn with hardware;
	lease limit 4;
}
subnet 10.10.0.0 netmask 255.255.0.0 {
	range 10.10.4.0 10.10.7.255;
}
CONF
: >$W/db/leases
python3 tests/sys/dhcpd-bounds.py "$BUILD/dhcpd" $W "${FLOOD:-1000000}" || fail "see above"
