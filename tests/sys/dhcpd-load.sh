#!/bin/sh
# SPDX-License-Identifier: ISC
# Many clients at once (perfdhcp), directly and through dhcrelay: every ACK is a
# lease on file, and no address is given twice.
. tests/sys/lib.sh

need perfdhcp dhcrelay
private
wire 10.10.3.1/24

# A second cable: client "far" behind a relay in the namespace "client".
ip netns add far
ip -n client link add r0 type veth peer name f0 netns far
ip -n client addr add 10.10.3.2/24 dev c0
ip -n client addr add 10.20.1.1/16 dev r0
ip -n client link set r0 up
ip -n far link set lo up
ip -n far addr add 10.20.250.1/16 dev f0
ip -n far link set f0 up
ip -n far route add default via 10.20.1.1
ip netns exec client sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
ip route add 10.20.0.0/16 via 10.10.3.2

cat >"$W/dhcpd.conf" <<E
authoritative; ping-check off; default-lease-time 600;
subnet 10.10.3.0 netmask 255.255.255.0 { }
subnet 10.20.0.0 netmask 255.255.0.0 { range 10.20.2.0 10.20.9.255; }
E
"$BUILD/dhcpd" -d -cf "$W/dhcpd.conf" -lf "$W/leases" --no-pid s0 2>"$W/log" &
server=$!
ip netns exec client dhcrelay -4 -d -iu c0 -id r0 10.10.3.1 >"$W/relay.log" 2>&1 &
sleep 2

# perfdhcp fails when exchanges are missing; a busy machine may lose some.
timeout 60 ip netns exec far perfdhcp -4 -B -l f0 -r 50 -R 200 -n 200 -W 2 >"$W/perf" 2>&1 || true
acks=$(grep -c '^DHCPACK on ' "$W/log" || true)
[ "$acks" -gt 0 ] || { cat "$W/log" "$W/relay.log" "$W/perf"; fail "nobody got a lease"; }
kill "$server"
wait "$server" || fail "the server ended with status $?"

sed -n 's/^DHCPACK on \([0-9.]*\) to \([0-9a-f:]*\) .*/\1 \2/p' "$W/log" | sort -u >"$W/acked"
twice=$(cut -d' ' -f1 "$W/acked" | uniq -d | head -1)
[ -z "$twice" ] || fail "$twice was given to two clients"
awk '/^lease / { ip = $2 } /hardware ethernet/ { sub(";", "", $3); print ip, $3 }' "$W/leases" |
    sort -u >"$W/filed"
lost=$(comm -23 "$W/acked" "$W/filed" | head -1)
[ -z "$lost" ] || fail "acknowledged and not on file: $lost"
pass "$(wc -l <"$W/acked") clients behind dhcrelay, $acks acknowledgements, all on file"
