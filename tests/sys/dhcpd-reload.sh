#!/bin/sh
# SPDX-License-Identifier: ISC
# SIGHUP: during a load no exchange, no lease and no answer is lost or wrong,
# and bad configurations change nothing.
. tests/sys/lib.sh
DHCPD=${DHCPD:-$BUILD/dhcpd}
need python3 nsenter
private
wire 10.10.0.1/16
ip -n client addr add 10.10.0.2/16 dev c0
: >$W/leases
ip netns exec client python3 -B tests/sys/dhcpd-reload.py "$DHCPD" $W $$ \
    "${SECONDS_OF_LOAD:-10}" || { tail -n 20 $W/log; fail "see above"; }
