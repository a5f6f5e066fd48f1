#!/bin/sh
# SPDX-License-Identifier: ISC
# in.tftpd at its limits and beyond: requests with forged senders, a syslog that
# nobody reads, a full disk, no descriptors, no memory, a cable that is pulled,
# an address that changes.  After each it serves again by itself.
#
# FLOOD=100000  forged requests
. tests/sys/lib.sh
need python3 ip prlimit
private
wire 10.10.0.1/16
ip -n client addr add 10.10.0.2/16 dev c0
ip neigh add 10.10.0.2 lladdr 00:50:56:3b:f6:2b dev s0 nud permanent
ip route add 172.16.0.0/12 via 10.10.0.2
own_dev
mkdir $W/top
mount -t tmpfs -o size=4m none $W/top
head -c 1000000 /dev/urandom >$W/top/file
mkdir $W/top/up
chmod 777 $W/top/up
python3 tests/sys/tftpd-bounds.py "$BUILD/in.tftpd" $W "${FLOOD:-100000}" || fail "see above"
