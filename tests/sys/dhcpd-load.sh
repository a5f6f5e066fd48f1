#!/bin/sh
# SPDX-License-Identifier: ISC
# Many clients at once (perfdhcp) through dhcrelay, new ones, renewing ones and
# such that give up: every ACK is a lease on file, and no address is given twice.
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
cp "$W/log" "$W/log.dora"

# Then a mixture; what is released may go to another, so only the file counts.
timeout 60 ip netns exec far perfdhcp -4 -B -l f0 -r 60 -f 30 -F 20 -R 200 -p 4 -W 1 >"$W/perf" 2>&1 || true
renewed=$(grep -c '^DHCPACK on ' "$W/log" || true)
released=$(grep -c '^DHCPRELEASE of .* (found)' "$W/log" || true)
[ "$renewed" -gt "$acks" ] || { cat "$W/perf"; fail "nobody renewed"; }
[ "$released" -gt 0 ] || { tail -n 20 "$W/log"; cat "$W/perf"; fail "nobody gave back"; }
! grep -q '^DHCPRELEASE of .* (not found)\|^DHCPNAK' "$W/log" || {
	grep '^DHCPRELEASE of .* (not found)\|^DHCPNAK' "$W/log" | head -n 3
	fail "a client of ours is not known"
}
kill "$server"
wait "$server" || fail "the server ended with status $?"

sed -n 's/^DHCPACK on \([0-9.]*\) to \([0-9a-f:]*\) .*/\1 \2/p' "$W/log.dora" | sort -u >"$W/acked"
twice=$(cut -d' ' -f1 "$W/acked" | uniq -d | head -1)
[ -z "$twice" ] || fail "$twice was given to two clients"
awk '/^lease / { ip = $2 } /hardware ethernet/ { sub(";", "", $3); print ip, $3 }' "$W/leases" |
    sort -u >"$W/filed"
lost=$(comm -23 "$W/acked" "$W/filed" | head -1)
[ -z "$lost" ] || fail "acknowledged and not on file: $lost"
# The end of the log and the end of the file say the same of each address.
awk '$1 == "DHCPACK" { who[$3] = $5 } $1 == "DHCPRELEASE" { delete who[$3] }
    END { for (ip in who) print ip, who[ip] }' "$W/log" | sort >"$W/acked.now"
awk '/^lease / { ip = $2; who[ip] = ""; state = "" }
    $1 == "binding" { state = $3 }
    /hardware ethernet/ { sub(";", "", $3); if (state == "active;") who[ip] = $3 }
    END { for (ip in who) if (who[ip] != "") print ip, who[ip] }' "$W/leases" | sort >"$W/filed.now"
cmp -s "$W/acked.now" "$W/filed.now" || {
	diff "$W/acked.now" "$W/filed.now" | head -n 5
	fail "log and file differ"
}
pass "$(wc -l <"$W/acked") clients behind dhcrelay, $acks acknowledgements, all on file"
pass "then $((renewed - acks)) more, some of them renewals, and $released releases: log and file agree"
