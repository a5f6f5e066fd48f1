#!/bin/sh
# SPDX-License-Identifier: ISC
#
# httpd-super - httpd under somebody else's care: one connection on descriptor
# 0 (inetd, "nowait"), a listener there ("wait"), systemd's inherited socket
# with its readiness message, and the command line of the init script.
. tests/sys/lib.sh
private
need curl python3 ps

mkdir -p "$W/html" "$W/logs"
chmod 755 "$W" "$W/html"
echo hello >"$W/html/a.txt"
cat >"$W/conf" <<E
ServerRoot "$W"
PidFile "$W/pid"
ServerName test
Listen 8080
DocumentRoot "$W/html"
ErrorLog "$W/logs/error"
LogFormat "%h \"%r\" %>s %b" short
CustomLog "$W/logs/access" short
TypesConfig /dev/null
<Directory "$W/html">
    Require all granted
</Directory>
E

python3 - "$BUILD/httpd" "$W" <<'P' || fail "super-servers"
import os, signal, socket, subprocess, sys, time
httpd, w = sys.argv[1:]
args = [httpd, '-f', w + '/conf']
def fetch(port, n=1):
    s = socket.create_connection(('127.0.0.1', port)); s.settimeout(5); out = []
    for i in range(n):
        s.sendall(b'GET /a.txt HTTP/1.1\r\nHost: x\r\n' + (b'Connection: close\r\n' if i == n - 1 else b'') + b'\r\n')
        b = b''
        while not b.endswith(b'hello\n'):
            d = s.recv(4096)
            if not d: break
            b += d
        out.append(b.endswith(b'hello\n'))
    return all(out)
def listener():
    l = socket.socket(); l.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    l.bind(('127.0.0.1', 8080)); l.listen(50); return l
def must(ok, what):
    print('    %s %s' % ('ok  ' if ok else 'FAIL', what))
    if not ok: sys.exit(1)

# nowait: accept here, hand the connection over as 0, 1 and 2
l = listener(); c = socket.create_connection(('127.0.0.1', 8080)); s, _ = l.accept()
p = subprocess.Popen(args, stdin=s, stdout=s, stderr=s); s.close(); c.settimeout(5)
c.sendall(b'GET /a.txt HTTP/1.1\r\nHost: x\r\n\r\nGET /a.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
b = b''
while True:
    d = c.recv(4096)
    if not d: break
    b += d
must(b.startswith(b'HTTP/1.1 200') and b.count(b'\r\n\r\nhello\n') == 2 and p.wait(5) == 0,
    'inetd nowait: one connection with keep-alive, nothing else on it')
# .. also when the configuration is bad; and without the sandbox when that is asked for
def nowait(*more):
    c = socket.create_connection(('127.0.0.1', 8080)); s, _ = l.accept(); c.settimeout(5)
    p = subprocess.Popen(args + list(more), stdin=s, stdout=s, stderr=s); s.close()
    return c, p
c, p = nowait('-c', 'Nonsense')
must(c.recv(1000) == b'' and p.wait(5) == 1, '.. a bad configuration is not told to the client')
# .. but to the journal, whose socket is standard error alone
keep = socket.create_connection(('127.0.0.1', 8080))
for stdin in None, l.accept()[0]:
    c, s = socket.socketpair(); c.settimeout(5)
    p = subprocess.Popen(args + ['-c', 'Nonsense'], stdin=stdin or subprocess.DEVNULL, stderr=s)
    s.close()
    must(b'Nonsense' in c.recv(1000) and p.wait(5) == 1, '.. it is told to the journal')
for more in (), ('--no-sandbox',):
    c, p = nowait(*more)
    c.sendall(b'GET /a.txt HTTP/1.1\r\nHost: x\r\n\r\n'); c.recv(1000)
    bound = 'NoNewPrivs:\t1' in open('/proc/%d/status' % p.pid).read()
    c.close()
    must(bound == (more == ()) and p.wait(5) == 0, '.. %s' % (more and 'without the sandbox' or 'in the sandbox'))
# wait: the listener is descriptor 0
p = subprocess.Popen(args, stdin=l, stderr=subprocess.DEVNULL)
must(fetch(8080, 3) and fetch(8080), 'inetd wait: the listener on descriptor 0')
p.send_signal(signal.SIGTERM); must(p.wait(8) == 0, '.. ends on TERM')
# systemd: descriptor 3, LISTEN_FDS, NOTIFY_SOCKET
n = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); n.bind(w + '/notify'); n.settimeout(5)
def child():
    os.dup2(l.fileno(), 3); os.set_inheritable(3, True); os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS='1', NOTIFY_SOCKET=w + '/notify')
    os.execv(httpd, args + ['-DFOREGROUND'])
pid = os.fork()
if pid == 0: child()
must(b'READY=1' in n.recv(1000), 'systemd: READY=1')
must(fetch(8080, 2), '.. the inherited socket is served')
os.kill(pid, signal.SIGUSR1); m = n.recv(1000) + n.recv(1000)
must(b'RELOADING=1' in m and b'READY=1' in m and fetch(8080), '.. reload is announced')
os.kill(pid, signal.SIGWINCH); must(b'STOPPING=1' in n.recv(1000) and os.waitpid(pid, 0)[1] == 0, '.. graceful stop')
l.close()
# a port that systemd does not have is refused
P
pass "inetd nowait, inetd wait, systemd"

# apachectl's words
h() { "$BUILD/httpd" -f "$W/conf" "$@"; }
h -k stop | grep -q 'not running' || fail "-k stop when stopped"
h -k start || fail "-k start"
[ "$(curl -s http://127.0.0.1:8080/a.txt)" = hello ] || fail "started by -k"
h -k start | grep -q 'already running' || fail "-k start twice"
h -k stop || fail "-k stop of the first"
gone() { [ ! -e "$W/pid" ]; }
until_true 10 gone || fail "-k stop does not stop the first"
# a pid file that a crash left behind: its number belongs to somebody else
sleep 100 &
other=$!
echo $other >"$W/pid"
h -k stop || fail "-k stop with a pid file of the past"
kill -0 $other || fail "-k stop ended a process that is no server"
h -k start || fail "-k start with a pid file of the past"
[ "$(curl -s http://127.0.0.1:8080/a.txt)" = hello ] || fail "not started beside a pid file of the past"
kill $other
h -k stop || fail "-k stop after it"
until_true 10 gone || fail "-k stop does not stop after it"
# what was served and nobody reads any more can be removed and unmounted
mkdir "$W/html/iso"
mount -t tmpfs none "$W/html/iso"
chmod 755 "$W/html/iso"
echo iso >"$W/html/iso/a.txt"
h -k start || fail "-k start with a file system"
[ "$(curl -s http://127.0.0.1:8080/iso/a.txt)" = iso ] || fail "the file system is not served"
until_true 3 umount "$W/html/iso" || fail "the file system stays busy"
h -k stop || fail "-k stop after umount"
until_true 10 gone || fail "-k stop does not stop after umount"
# whoever reads what -k start says sees its end, a log program or not
for to in "$W/logs/access" "|cat >>$W/logs/piped"; do
	timeout 20 sh -c '"$1" -f "$2" -c "CustomLog \"$3\" %r" -k start 2>&1 | cat' \
	    sh "$BUILD/httpd" "$W/conf" "$to" || fail "-k start keeps its output open: $to"
	[ "$(curl -s http://127.0.0.1:8080/a.txt)" = hello ] || fail "started into a pipe: $to"
	h -k stop || fail "-k stop: $to"
	until_true 10 gone || fail "-k stop does not stop: $to"
done
until_true 5 grep -q "GET /a.txt" "$W/logs/piped" || fail "the log program got no line"
h -k start || fail "-k start again"
"$BUILD/httpd" -f "$W/conf" -DFOREGROUND -c "PidFile $W/pid2" 2>"$W/stderr" && fail "a second server on the port"
grep -q 'AH00072: make_sock: could not bind' "$W/stderr" || fail "bind error text"
# a worker that dies is replaced, and nobody waits on the sockets it had
master=$(cat "$W/pid")
for worker in $(ps -o pid= --ppid "$master"); do
	kill -9 "$worker"
	sleep 1.3
	i=0
	while [ $i -lt 30 ]; do
		curl -s -m 3 -o /dev/null http://127.0.0.1:8080/a.txt || fail "no answer after a worker died"
		i=$((i + 1))
	done
done
h -k graceful || fail "-k graceful"
[ "$(curl -s http://127.0.0.1:8080/a.txt)" = hello ] || fail "after -k graceful"
echo Nonsense >>"$W/conf"
h -k restart 2>/dev/null && fail "-k restart with a broken file"
sed -i '$d' "$W/conf"
mv "$W/logs/access" "$W/logs/access.1"
h -k restart || fail "-k restart"
until_true 5 test -e "$W/logs/access" || fail "logs are opened again"
h -k stop || fail "-k stop"
until_true 10 gone || fail "-k stop does not stop"
for w in 'caught SIGTERM, shutting down' 'Graceful restart requested' 'SIGHUP received' 'resuming normal operations'; do
	grep -q "$w" "$W/logs/error" || fail "error log lacks: $w"
done
pass "-k start, graceful, restart, stop; dead workers; rotated logs; a second server is refused"
