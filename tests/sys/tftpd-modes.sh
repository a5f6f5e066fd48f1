#!/bin/sh
# SPDX-License-Identifier: ISC
# in.tftpd where it is not as usual: read-only, one port for all, a syslog that
# does not read or is not there, no IPv6, more clients than it takes, ports
# used up, an uploader that dies, a machine that asks three times.
. tests/sys/lib.sh
need curl cmp python3
private
wire 10.10.3.167/24
client ip addr add 10.10.3.110/24 dev c0

SERVER=10.10.3.167
root=$W/tftpboot
mkdir -p "$root/up" "$W/c"
chmod 755 "$W" "$root"
chmod 777 "$root/up" "$W/c"
head -c 400000 /dev/urandom > "$root/f"
echo old > "$root/up/old"
chmod 644 "$root/f"
chmod 666 "$root/up/old"
cd "$W/c"

# start ARGUMENT.. - a server of its own; its log is $W/log
start() {
	rm -f "$W/pid"
	"$BUILD/in.tftpd" -L -P "$W/pid" -s "$@" "$root" 2> "$W/log" &
	until_true 5 test -s "$W/pid" || fail "in.tftpd $* does not start: $(cat "$W/log")"
}
stop() {
	kill "$(cat "$W/pid")"
	until_true 5 test ! -e "$W/pid" || fail "in.tftpd stays"
}
logged() { grep -q "$1" "$W/log" || fail "no line '$1' in: $(cat "$W/log")"; }
# fetch WHAT
fetch() {
	rm -f got
	client curl -s --connect-timeout 5 -o got "tftp://$SERVER/f" || fail "$1"
	cmp -s "$root/f" got || fail "$1: arrived differently"
}
# talk - a Python program on standard input talks to the server
talk() { client python3 - $SERVER; }

start -c -vv --stderr --read-only
for name in old new; do
	client curl -s -T "$root/f" "tftp://$SERVER/up/$name" && fail "read-only: took up/$name"
done
fetch "read-only: download"
logged 'sending NAK (2, Server is read-only) to 10.10.3.110'
[ "$(cat "$root/up/old")" = old ] || fail "read-only: changed"
[ ! -e "$root/up/new" ] || fail "read-only: created"
stop
pass "--read-only: refused with the reason"

start -vv --stderr --single-port
talk <<'EOP' || fail "single-port"
import socket, sys
server = (sys.argv[1], 69)
clients = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(20)]
for c in clients:
    c.settimeout(10)
    c.sendto(b'\0\1f\0octet\0', server)
got = [b''] * len(clients)
for k in range(1, 400000 // 512 + 2):
    for i, c in enumerate(clients):
        packet, sender = c.recvfrom(600)
        while k > 1 and packet[2:4] == (k - 1).to_bytes(2, 'big'):
            packet, sender = c.recvfrom(600)	# we were slow: once more
        if sender != server or packet[:4] != b'\0\3' + k.to_bytes(2, 'big'):
            sys.exit(f'{packet[:4]} from {sender}')
        got[i] += packet[4:]
        c.sendto(b'\0\4' + packet[2:4], server)
sys.exit(any(len(g) != 400000 or g != got[0] for g in got))
EOP
fetch "single-port: curl"
stop
pass "--single-port: twenty at once, all from port 69"

start -vv --stderr --max-transfers 5
talk <<'EOP' || fail "more clients than --max-transfers"
import socket, sys
server = (sys.argv[1], 69)
clients = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(12)]
def ask(who):
    for c in who:
        c.sendto(b'\0\1f\0octet\0', server)
    told = []
    for c in who:
        c.settimeout(0.5)
        try:
            told.append((c,) + c.recvfrom(600))
        except OSError:
            pass
    return told
# Who never said a word would make room for the next; these five do.
first = ask(clients[:5])
for c, packet, sender in first:
    c.sendto(b'\0\4\0\1', sender)
    if packet[:4] != b'\0\3\0\1' or c.recvfrom(600)[0][:4] != b'\0\3\0\2':
        sys.exit(f'{packet[:4]}')
if len(first) != 5 or ask(clients[5:]):
    sys.exit('not five, or more than five')
for c, _, sender in first:
    c.sendto(b'\0\5\0\0enough\0', sender)
if len(ask(clients[5:10])) != 5:
    sys.exit('no room after the first have gone')
EOP
logged 'all 5 transfers in use, requests dropped: 1$'
[ "$(grep -c 'transfers in use' "$W/log")" = 1 ] || fail "logged more than once a minute"
stop
pass "--max-transfers: dropped without a word, served later"

start -vv --stderr -R 30000:30001
talk <<'EOP' || fail "ports used up"
import socket, sys
server = (sys.argv[1], 69)
clients = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(3)]
got = []
for c in clients:
    c.settimeout(5)
    c.sendto(b'\0\1f\0octet\0', server)
    got.append(c.recvfrom(600))
ports = sorted(sender[1] for _, sender in got[:2])
if ports != [30000, 30001] or got[2][0][:4] != b'\0\5\0\0':
    sys.exit(f'{ports}, {got[2]}')
EOP
stop
pass "-R: one port each, the next is told"

# A Raspberry Pi asks for the same thing two or three times at once.
start -vv --stderr
talk <<'EOP' || fail "the same request three times"
import socket, sys
server = (sys.argv[1], 69)
c = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for _ in range(3):
    c.sendto(b'\0\1f\0octet\0tsize\x000\0', server)
got = []
c.settimeout(0.3)
try:
    while True:
        got.append(c.recvfrom(600))
except OSError:
    pass
if len(got) != 1 or got[0][0] != b'\0\6tsize\x00400000\0':
    sys.exit(f'{got}')
EOP
[ "$(grep -c RRQ "$W/log")" = 1 ] || fail "logged: $(cat "$W/log")"
stop
pass "the same request three times: one answer"

start -c -vv --stderr
talk <<'EOP' || fail "an uploader that gives up"
import socket, sys
server = (sys.argv[1], 69)
for name in (b'up/old', b'up/new'):
    c = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    c.settimeout(5)
    c.sendto(b'\0\2' + name + b'\0octet\0', server)
    for k in range(5):
        packet, sender = c.recvfrom(600)
        if packet != bytes((0, 4, 0, k)):
            sys.exit(f'{packet}')
        c.sendto(bytes((0, 3, 0, k + 1)) + b'x' * 512, sender)
    c.recvfrom(600)
    c.sendto(b'\0\5\0\0enough\0', sender)
EOP
[ "$(cat "$root/up/old")" = old ] || fail "aborted upload: the old file is gone"
empty() { [ "$(ls -A "$root/up")" = old ]; }
until_true 5 empty || fail "aborted upload: left $(ls -A "$root/up")"
stop
pass "an aborted upload leaves no trace"

if command -v strace >/dev/null 2>&1; then
	# traced [STRACE-ARGUMENT..] - a server whose socket calls are in $W/trace
	traced() {
		rm -f "$W/pid"
		strace -f -o "$W/trace" -e trace=socket "$@" "$BUILD/in.tftpd" -L -v \
		    --stderr -P "$W/pid" -s "$root" 2> "$W/log" &
	}
	traced
	until_true 10 test -s "$W/pid" || fail "strace: $(cat "$W/log")"
	stop
	n=$(grep 'socket(' "$W/trace" | grep -n -m 1 AF_INET6 | cut -d : -f 1)
	[ -n "$n" ] || fail "no IPv6 socket in: $(cat "$W/trace")"
	traced -e inject=socket:error=EAFNOSUPPORT:when=$n
	until_true 10 test -s "$W/pid" || fail "does not start without IPv6: $(cat "$W/log")"
	fetch "without IPv6"
	logged IPv6
	stop
	pass "a machine without IPv6"
fi

own_dev
start -vv
fetch "no syslog"
stop
python3 -c "
import socket, time
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind('/dev/log')
time.sleep(60)" &
sink=$!
until_true 5 test -S /dev/log || fail "no /dev/log"
start -vv
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
	fetch "a syslog that does not read, $i"
	client curl -s "tftp://$SERVER/none" && fail "none is there"
done
stop
kill $sink
pass "no syslog, and one that does not read"
