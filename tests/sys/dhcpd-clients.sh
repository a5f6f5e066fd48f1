#!/bin/sh
# SPDX-License-Identifier: ISC
# The DHCP clients people run get a lease from dhcpd and give it back.
. tests/sys/lib.sh
DHCPD=${DHCPD:-$BUILD/dhcpd}
private
wire

cat >$W/dhcpd.conf <<'CONF'
authoritative;
ddns-update-style none;
default-lease-time 600;
ping-check false;
subnet 10.10.3.0 netmask 255.255.255.0 {
	range 10.10.3.100 10.10.3.200;
	option routers 10.10.3.1;
	option domain-name-servers 10.10.3.2, 10.10.3.3;
	next-server 10.10.3.167;
	filename "/pxelinux.0";
}
host pinger {
	hardware ethernet 00:50:56:3b:f6:99;
	fixed-address 10.10.3.42;
}
CONF
: >$W/leases
"$DHCPD" -f -d -4 -cf $W/dhcpd.conf -lf $W/leases -pf $W/pid s0 >$W/log 2>&1 &
server=$!
until_true 5 grep -q 'Server starting service' $W/log ||
    fail "dhcpd does not start: $(cat $W/log)"

ran=0
show() { sed 's/^/    /' $W/log; }

# leased MAC - the address of the newest active lease of a hardware address
leased() {
	awk -v mac="$1;" '
		$1 == "lease" { ip = $2; state = "" }
		$1 == "binding" { state = $3 }
		$1 == "hardware" && $3 == mac { last = state == "active;" ? ip : "" }
		END { print last }' $W/leases
}

# is_in_range ADDRESS CLIENT
is_in_range() {
	n=${1#10.10.3.}
	[ "$n" != "$1" ] && [ "$n" -ge 100 ] && [ "$n" -le 200 ] ||
	    { show; fail "$2 got '$1'"; }
	ran=$((ran + 1))
	pass "$2 got $1"
}

# new_mac LAST-OCTET - every client is another machine
new_mac() {
	ip -n client link set c0 down
	ip -n client link set c0 address 00:50:56:3b:f6:$1 up
	ip -n client addr flush dev c0
}

if command -v dhclient >/dev/null; then
	new_mac 01
	client dhclient -4 -1 -sf /bin/true -lf $W/dhclient.leases \
	    -pf $W/dhclient.pid c0 >$W/out 2>&1 ||
	    { cat $W/out; show; fail "dhclient got nothing"; }
	until_true 5 test -s $W/dhclient.pid || fail "dhclient wrote no pid file"
	kill "$(cat $W/dhclient.pid)"
	is_in_range "$(sed -n 's/.*fixed-address \(.*\);/\1/p' $W/dhclient.leases)" dhclient
	grep -q 'option routers 10.10.3.1;' $W/dhclient.leases ||
	    fail "dhclient got no router"
	ip -n client addr add "$(leased 00:50:56:3b:f6:01)/24" dev c0
	client dhclient -4 -r -sf /bin/true -lf $W/dhclient.leases \
	    -pf $W/dhclient.pid c0 >$W/out 2>&1 || :
	until_true 5 grep -q DHCPRELEASE $W/log || { show; fail "no release"; }
	[ -z "$(leased 00:50:56:3b:f6:01)" ] || fail "released lease is active"
	pass "dhclient gave it back"
fi

if command -v busybox >/dev/null && busybox --list | grep -qx udhcpc; then
	new_mac 02
	printf '#!/bin/sh\nenv >%s/udhcpc.$1\n' $W >$W/hook
	chmod +x $W/hook
	client busybox udhcpc -i c0 -n -q -f -s $W/hook >$W/out 2>&1 ||
	    { cat $W/out; show; fail "udhcpc got nothing"; }
	is_in_range "$(sed -n 's/^ip=//p' $W/udhcpc.bound)" udhcpc
	grep -qx 'boot_file=/pxelinux.0' $W/udhcpc.bound &&
	    grep -qx 'siaddr=10.10.3.167' $W/udhcpc.bound ||
	    { cat $W/udhcpc.bound; fail "udhcpc got no boot file"; }
fi

if command -v dhcpcd >/dev/null; then
	new_mac 03
	client dhcpcd -4 -1 -t 20 -A -C resolv.conf -c /bin/true c0 >$W/out 2>&1 ||
	    { cat $W/out; show; fail "dhcpcd got nothing"; }
	is_in_range "$(leased 00:50:56:3b:f6:03)" dhcpcd
	client dhcpcd -x c0 >/dev/null 2>&1 || :
fi

# What the kernel's "ip=dhcp" does, as the initial RAM disks of Debian do it: the
# kernels that distributions build leave it to this program.
ipconfig=/usr/lib/klibc/bin/ipconfig
if [ -x $ipconfig ]; then
	new_mac 04
	client $ipconfig -t 20 -c dhcp -d c0 >$W/out 2>&1 ||
	    { cat $W/out; show; fail "ipconfig got nothing"; }
	grep -qx "IPV4GATEWAY='10.10.3.1'" /run/net-c0.conf &&
	    grep -qx "ROOTSERVER='10.10.3.167'" /run/net-c0.conf &&
	    grep -qx "filename='/pxelinux.0'" /run/net-c0.conf ||
	    { cat /run/net-c0.conf; fail "ipconfig did not understand"; }
	is_in_range "$(sed -n "s/^IPV4ADDR='\(.*\)'/\1/p" /run/net-c0.conf)" ipconfig
fi

if command -v dhcping >/dev/null; then
	new_mac 99
	ip -n client addr add 10.10.3.42/24 dev c0
	client dhcping -t 5 -c 10.10.3.42 -s 10.10.3.167 -h 00:50:56:3b:f6:99 \
	    >$W/out 2>&1 && grep -q 'Got answer' $W/out ||
	    { cat $W/out; show; fail "dhcping got no answer"; }
	ran=$((ran + 1))
	pass "dhcping got an answer"
fi

[ $ran -gt 0 ] || skip "none of dhclient, udhcpc, dhcpcd, ipconfig, dhcping is here"
[ $ran = 5 ] || echo "SKIP $NAME: only $ran of 5 clients are on this machine"

# SIGUSR1 tells the same that the log and the file do.
kill -USR1 $server
until_true 5 grep -q '^status: sandbox' $W/log || { show; fail "no status"; }
acks=$(grep -c '^DHCPACK on' $W/log)
discovers=$(grep -c '^DHCPDISCOVER from' $W/log)
active=0
for n in 01 02 03 04 99; do
	[ -z "$(leased 00:50:56:3b:f6:$n)" ] || active=$((active + 1))
done
grep -q "^status: received: discover $discovers, request [1-9]" $W/log &&
    grep -q "^status: sent: offer [0-9]*, ack $acks, nak 0," $W/log &&
    grep -q "^status: dropped: malformed 0, " $W/log &&
    grep -q "^status: pool 0 of 10.10.3.0/24: 101 addresses, $((101 - active)) free, $active active, 0 expired, 0 abandoned," $W/log ||
    { grep '^status' $W/log; fail "the status is not what was ($discovers, $acks, $active)"; }
pass "SIGUSR1: $discovers discovers, $acks acknowledgements, $active active"
