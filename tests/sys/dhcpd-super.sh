#!/bin/sh
# SPDX-License-Identifier: ISC
# dhcpd under those who start services: xinetd and inetd, "wait" with the bound
# socket as descriptor 0, systemd's socket activation, and systemd's protocol for
# a service of Type=notify with a watchdog.
. tests/sys/lib.sh
need busybox
private
wire
root=$W/etc
mkdir -p "$root"
cat >$W/dhcpd.conf <<CONF
authoritative; ping-check off; default-lease-time 600;
subnet 10.10.3.0 netmask 255.255.255.0 { range 10.10.3.100 10.10.3.200; }
CONF
: >$W/leases
args="-f -4 -cf $W/dhcpd.conf -lf $W/leases -pf $W/pid s0"
printf '#!/bin/sh\n' >$W/hook
chmod +x $W/hook
last=10

# lease WHO - a new client gets a lease with its first DISCOVER
lease() {
	last=$((last + 1))
	ip -n client link set c0 down
	ip -n client link set c0 address 00:50:56:3b:f6:$last up
	client busybox udhcpc -i c0 -n -q -f -t 1 -T 5 -s $W/hook >$W/out 2>&1 ||
	    { cat $W/out; fail "$1: no lease"; }
	grep -q "hardware ethernet 00:50:56:3b:f6:$last;" $W/leases ||
	    fail "$1: not on file"
}
gone() { ! kill -0 "$1" 2>/dev/null; }
is_bound() { grep -q ':0043 ' /proc/net/udp; }
# stop WHO - dhcpd by its pid file, as an operator would
stop() {
	pid=$(cat $W/pid)
	kill -TERM "$pid"
	until_true 5 gone "$pid" || fail "$1: dhcpd stays"
	[ ! -e $W/pid ] || fail "$1: the pid file stays"
}

# served WHO - twice by one server, once by the next
served() {
	until_true 5 is_bound || fail "$1 does not listen"
	[ ! -e $W/pid ] || fail "$1: dhcpd runs before it is needed"
	lease "$1"
	first=$(cat $W/pid)
	lease "$1, second"
	[ "$(cat $W/pid)" = "$first" ] || fail "$1: another dhcpd for the second"
	stop "$1"
}
ran=0
if command -v xinetd >/dev/null 2>&1; then
	cat >$W/xinetd.conf <<-EOF
	service dhcp
	{
		type		= UNLISTED
		port		= 67
		socket_type	= dgram
		protocol	= udp
		wait		= yes
		user		= root
		server		= $BUILD/dhcpd
		server_args	= $args
		disable		= no
		cps		= 100 2
		flags		= IPv4
	}
	EOF
	xinetd -dontfork -f $W/xinetd.conf -pidfile $W/xpid >/dev/null 2>&1 &
	x=$!
	served xinetd
	lease "xinetd, started again"
	stop "xinetd, started again"
	kill $x
	until_true 5 gone $x || fail "xinetd stays"
	ran=$((ran + 1))
	pass "xinetd: wait, the first DISCOVER is answered, started again"
fi
# Debian has either inetd or xinetd, never both.
inetd=${INETD:-inetd}
if command -v $inetd >/dev/null 2>&1; then
	echo "67 dgram udp4 wait root $BUILD/dhcpd dhcpd $args" >$W/inetd.conf
	$inetd -i $W/inetd.conf >/dev/null 2>&1 &
	x=$!
	served inetd
	lease "inetd, started again"
	stop "inetd, started again"
	kill $x
	until_true 5 gone $x || fail "inetd stays"
	ran=$((ran + 1))
	pass "inetd: wait, the first DISCOVER is answered, started again"
fi
if command -v systemd-socket-activate >/dev/null 2>&1; then
	for how in --inetd ""; do
		# shellcheck disable=SC2086 # words
		systemd-socket-activate -d $how -l 0.0.0.0:67 $BUILD/dhcpd $args >/dev/null 2>&1 &
		x=$!
		served "socket activation $how"
		until_true 5 gone $x || fail "socket activation: stays"
	done
	ran=$((ran + 1))
	pass "systemd: socket activation, as descriptor 0 and 3"
fi
[ $ran -ge 2 ] || echo "SKIP $NAME: only $ran of xinetd, inetd, socket activation are here"

# What a service manager hears, with time.
need python3
python3 - $W/notify >$W/heard <<'PY' &
import socket, sys, time
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
while True:
    text = s.recv(4096).decode()
    print("%.3f %s" % (time.monotonic(), text.replace("\n", " ")), flush=True)
PY
until_true 5 test -S $W/notify || fail "nobody listens to notifications"
# The watchdog is meant for the process that the manager started.
sh -c "export NOTIFY_SOCKET=$W/notify WATCHDOG_USEC=1000000 WATCHDOG_PID=\$\$
    exec $BUILD/dhcpd $args" >/dev/null 2>&1 &
server=$!
until_true 5 grep -q "READY=1 STATUS=Dispatching packets... MAINPID=$server" $W/heard ||
    { cat $W/heard; fail "not ready"; }
[ "$(cat $W/pid)" = $server ] || fail "another process than the one started"
lease notify
kill -HUP $server
until_true 5 sh -c "grep -A9 RELOADING=1 $W/heard | grep -q READY=1" ||
    { cat $W/heard; fail "a reload is not told"; }
sleep 3
kill -TERM $server
wait $server || fail "the end: status $?"
grep -q STOPPING=1 $W/heard || fail "the end is not told"
n=$(grep -c WATCHDOG=1 $W/heard)
[ "$n" -ge 3 ] || { cat $W/heard; fail "$n signs of life in 3 seconds"; }
pass "notify: ready, reloading, stopping, $n signs of life"

# Frozen, it gives none: the manager would start it again.
sh -c "export NOTIFY_SOCKET=$W/notify WATCHDOG_USEC=1000000 WATCHDOG_PID=\$\$
    exec $BUILD/dhcpd $args" >/dev/null 2>&1 &
server=$!
until_true 5 grep -q "MAINPID=$server" $W/heard || fail "not ready again"
kill -STOP $server
sleep 0.2
n=$(grep -c WATCHDOG=1 $W/heard)
sleep 1.5
[ "$(grep -c WATCHDOG=1 $W/heard)" = "$n" ] || fail "signs of life of a frozen server"
kill -CONT $server
kill -TERM $server
wait $server || fail "the end: status $?"
pass "watchdog: a frozen server gives no sign of life"
