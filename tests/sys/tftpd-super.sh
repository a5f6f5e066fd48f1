#!/bin/sh
# SPDX-License-Identifier: ISC
# in.tftpd under super-servers: a real xinetd with CentOS's file, and systemd's
# socket activation, both as descriptor 0 and as descriptor 3, from one
# dual-stack socket.
. tests/sys/lib.sh
need curl cmp
private
wire 10.10.3.167/24
client ip addr add 10.10.3.110/24 dev c0
ip addr add fd00::1/64 dev s0 nodad
client ip addr add fd00::2/64 dev c0 nodad

root=$W/tftpboot
mkdir -p "$root"
chmod 755 "$W" "$root"
head -c 100000 /dev/urandom > "$root/f"
chmod 644 "$root/f"

# fetch WHAT ADDRESS
fetch() {
	client curl -s --connect-timeout 5 -o "$W/got" "tftp://$2/f" || fail "$1: no answer"
	cmp -s "$root/f" "$W/got" || fail "$1: arrived differently"
}
gone() { ! kill -0 "$1" 2>/dev/null; }

if command -v xinetd >/dev/null 2>&1; then
	cat > "$W/xinetd.conf" <<-EOF
	service tftp
	{
		socket_type	= dgram
		protocol	= udp
		wait		= yes
		user		= root
		server		= $BUILD/in.tftpd
		server_args	= -t 1 -s $root
		disable		= no
		per_source	= 11
		cps		= 100 2
		flags		= IPv4
	}
	EOF
	xinetd -dontfork -f "$W/xinetd.conf" -pidfile "$W/xpid" >/dev/null 2>&1 &
	x=$!
	until_true 5 grep -q ':0045 ' /proc/net/udp || fail "xinetd does not listen"
	fetch xinetd 10.10.3.167
	fetch "xinetd, second" 10.10.3.167
	sleep 2.5	# it has gone by now: -t 1
	fetch "xinetd, started again" 10.10.3.167
	kill $x
	until_true 5 gone $x || fail "xinetd stays"
	sleep 1.5
	pass "xinetd: wait, idle exit, started again"
fi

command -v systemd-socket-activate >/dev/null 2>&1 ||
    skip "no systemd-socket-activate on this machine"
for how in --inetd ""; do
	systemd-socket-activate -d $how -l '[::]:69' \
	    "$BUILD/in.tftpd" -v --stderr -t 2 -s "$root" >/dev/null 2>"$W/log" &
	s=$!
	until_true 5 grep -q ':0045 ' /proc/net/udp6 || fail "nobody listens"
	fetch "socket activation $how" 10.10.3.167
	fetch "socket activation $how, IPv6" '[fd00::1]'
	for who in 10.10.3.110 fd00::2; do
		grep -q "RRQ from $who filename f\$" "$W/log" ||
		    fail "socket activation $how: no $who in: $(cat "$W/log")"
	done
	fetch "socket activation $how, second" 10.10.3.167
	until_true 6 gone $s || fail "socket activation $how: no idle exit"
	pass "socket activation ${how:-by descriptor 3}: dual stack, idle exit"
done
