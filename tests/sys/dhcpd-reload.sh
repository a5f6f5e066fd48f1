#!/bin/sh
# SPDX-License-Identifier: ISC
# SIGHUP: during a load no exchange, no lease and no answer is lost or wrong,
# and bad configurations change nothing; leases whose range goes are kept; port
# and log facility follow; what cannot follow is refused with its place.
. tests/sys/lib.sh
DHCPD=${DHCPD:-$BUILD/dhcpd}
need python3 nsenter
private
wire 10.10.0.1/16
ip -n client addr add 10.10.0.2/16 dev c0
: >$W/leases
ip netns exec client python3 -B tests/sys/dhcpd-reload.py "$DHCPD" $W $$ \
    "${SECONDS_OF_LOAD:-10}" || { tail -n 20 $W/log; fail "see above"; }

# What follows is settings: a /dev of our own, so that syslog can be seen.
need busybox
mkdir /run/dev
for d in null zero random urandom; do
	: >/run/dev/$d
	mount --bind /dev/$d /run/dev/$d
done
mount --rbind /run/dev /dev
busybox syslogd -n -O $W/syslog &
until_true 5 test -S /dev/log || fail "no syslogd"

# conf RANGE [MORE] - another configuration
conf() {
	cat >$W/dhcpd.conf <<-CONF
	authoritative; ping-check off; default-lease-time 600; ${2-}
	subnet 10.10.0.0 netmask 255.255.0.0 { range $1; }
	CONF
}
# reload good|bad - tell the server, see what becomes of it
reload() {
	was=$(grep -c "onfiguration .*reloaded" $W/log || :)
	kill -HUP $server
	until_true 5 sh -c "[ \$(grep -c 'onfiguration .*reloaded' $W/log) -gt $was ]" ||
	    fail "SIGHUP is not answered"
	case $1 in
	good) tail -n 1 $W/log | grep -q 'Configuration reloaded' ;;
	*) tail -n 1 $W/log | grep -q 'Configuration not reloaded' ;;
	esac || { tail -n 5 $W/log; fail "not a $1 configuration"; }
}
# ask MAC - an address for a client, or nothing
ask() {
	ip -n client link set c0 down
	ip -n client link set c0 address 00:50:56:3b:f6:$1 up
	client busybox udhcpc -i c0 -n -q -f -t 2 -T 1 -s $W/hook >$W/out 2>&1 &&
	    sed -n 's/.*lease of \([0-9.]*\) obtained.*/\1/p' $W/out
}
# ask_at PORT - what is offered to a client behind a relay, both at that port
ask_at() {
	ip -n client addr add 10.10.0.2/16 dev c0
	client python3 -B - "$1" <<-'PY' || :
	import socket, sys
	sys.path.insert(0, "tests/sys")
	from dhcpwire import DISCOVER, RELAY, SERVER, packet
	sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
	sock.bind((RELAY[0], int(sys.argv[1])))
	sock.settimeout(2)
	sock.sendto(packet(DISCOVER, bytes.fromhex("0050563bf601"), 1), (SERVER[0], int(sys.argv[1])))
	print(socket.inet_ntoa(sock.recv(2048)[16:20]))
	PY
	ip -n client addr flush dev c0
}
printf '#!/bin/sh\n' >$W/hook
chmod +x $W/hook
ip -n client addr flush dev c0

: >$W/leases
conf "10.10.3.10 10.10.3.19"
"$DHCPD" -f -d -4 -cf $W/dhcpd.conf -lf $W/leases -pf $W/pid s0 >$W/log 2>&1 &
server=$!
until_true 5 grep -q 'Server starting service' $W/log || fail "dhcpd does not start"

# A lease whose range goes stays on file, and is back when the range is.
first=$(ask 01) || fail "no lease to start with"
conf "10.10.4.10 10.10.4.19"
reload good
grep -q '^1 leases are outside all ranges now' $W/log || fail "the lost lease is not told"
case $(ask 02) in 10.10.4.*) ;; *) cat $W/out; fail "the new range is not in force" ;; esac
conf "10.10.3.10 10.10.3.19"
reload good
grep -q "^lease $first {" $W/leases || fail "the lease outside the range is not on file"
[ "$(ask 01)" = "$first" ] || fail "the lease did not come back with its range"
[ "$(ask 03)" != "$first" ] || fail "the lease was given to another"
pass "a lease outside all ranges is kept, and comes back"

# Another port, and back.
conf "10.10.3.10 10.10.3.19" "local-port 1067; remote-port 1068;"
reload good
grep -q ':042B ' /proc/net/udp || fail "not bound to port 1067"
! grep -q ':0043 ' /proc/net/udp || fail "still bound to port 67"
! ask 01 || fail "still answers at port 67"
case $(ask_at 1067) in 10.10.3.1?) ;; *) fail "no answer at port 1067" ;; esac
conf "10.10.3.10 10.10.3.19"
reload good
[ "$(ask 01)" = "$first" ] || fail "no answer at port 67 again"
pass "local-port and remote-port follow"

# A port that somebody else has.
python3 -c 'import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("10.10.0.1", 2067))
time.sleep(60)' &
until_true 5 grep -q ':0813 ' /proc/net/udp || fail "the port is not taken"
conf "10.10.3.10 10.10.3.19" "local-port 2067;"
reload bad
grep -q "^Can't bind to dhcp address: Address already in use" $W/log || fail "no reason"
kill $!
[ "$(ask 01)" = "$first" ] || fail "a refused port has changed something"
pass "a port that is taken is refused"

# The facility of the log.
conf "10.10.3.10 10.10.3.19" "log-facility local3;"
reload good
until_true 5 grep -q 'local3.info dhcpd.*: Configuration reloaded' $W/syslog ||
    { tail -n 3 $W/syslog; fail "log-facility does not follow"; }
conf "10.10.3.10 10.10.3.19"
reload good
tail -n 2 $W/syslog | grep -q 'daemon.info dhcpd.*: Configuration reloaded' ||
    fail "log-facility does not go back"
pass "log-facility follows"

# Files do not.
for name in lease pid; do
	conf "10.10.3.10 10.10.3.19" "
	$name-file-name \"$W/other\";"
	reload bad
	grep -q "^$W/dhcpd.conf line 2 column .*: $name-file-name cannot change while" $W/log ||
	    { tail -n 4 $W/log; fail "$name-file-name: no place"; }
done
conf "10.10.3.10 10.10.3.19" "lease-file-name \"$W/leases\"; pid-file-name \"$W/pid\";"
reload good
[ "$(ask 01)" = "$first" ] || fail "not served after all that"
kill -TERM $server
wait $server || fail "the end: status $?"
[ ! -e $W/pid ] || fail "the pid file stays"
pass "lease-file-name and pid-file-name are refused with their place"
