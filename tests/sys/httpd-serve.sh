#!/bin/sh
# SPDX-License-Identifier: ISC
#
# httpd-serve - httpd against curl and wget: whole files, ranges, conditions,
# listings, links out of the tree, slow and flooding clients, reloads under
# load.  The last lines say what was served.
. tests/sys/lib.sh
private
need curl python3

R=$W/html
mkdir -p "$R/copied" "$R/sub" "$R/nolinks" "$R/owner" "$W/out" "$W/logs"
chmod 755 "$W"
head -c 300000 /dev/urandom >"$R/big"
cp "$R/big" "$R/copied/big"
echo hello >"$R/a.txt"
: >"$R/empty"
touch -d '2014-06-10 12:34:56 UTC' "$R/a.txt" "$R/big"
echo secret >"$W/out/secret"
for d in "$R" "$R/nolinks" "$R/owner"; do
	ln -s "$W/out" "$d/dirlink"
	ln -s "$W/out/secret" "$d/filelink"
	ln -s "$R/a.txt" "$d/inside"
done
chown -h 1:1 "$R/owner/filelink" "$R/owner/dirlink" 2>/dev/null || :

cat >"$W/conf" <<E
ServerRoot "$W"
PidFile "$W/pid"
ServerName test
Listen 127.0.0.1:8080
DocumentRoot "$R"
ErrorLog "$W/logs/error"
LogFormat "%h %l %u %t \"%r\" %>s %b" common
CustomLog "$W/logs/access" common
TypesConfig /dev/null
KeepAliveTimeout 2
RequestReadTimeout header=2-4,MinRate=500 body=2,MinRate=500
Timeout 3
<Directory "$R">
    Options Indexes FollowSymLinks
    Require all granted
</Directory>
<Directory "$W/out">
    Require all granted
</Directory>
<Directory "$R/copied">
    EnableSendfile Off
</Directory>
<Directory "$R/nolinks">
    Options -FollowSymLinks
</Directory>
<Directory "$R/owner">
    Options -FollowSymLinks +SymLinksIfOwnerMatch
</Directory>
E
U=http://127.0.0.1:8080
start() {
	"$BUILD/httpd" -f "$W/conf" -DFOREGROUND >"$W/stderr" 2>&1 &
	server=$!
	until_true 5 curl -s -o /dev/null $U/a.txt || fail "does not answer: $(cat "$W/stderr")"
}
start

# status URL-PATH [curl options] - the status, path sent as it is
status() {
	p=$1
	shift
	curl -s -o /dev/null -w '%{http_code}' --path-as-is "$@" "$U$p"
}
want() {
	got=$(status "$2")
	[ "$got" = "$1" ] || fail "$2: $got, $1 wanted"
}

curl -s $U/big | cmp - "$R/big" || fail "big file"
curl -s $U/copied/big | cmp - "$R/big" || fail "EnableSendfile Off"
curl -s -r 100000-299999 $U/copied/big >"$W/got"
tail -c 200000 "$R/big" | cmp - "$W/got" || fail "a range with EnableSendfile Off"
[ "$(curl -s $U/empty | wc -c)" = 0 ] || fail "empty file"
for r in 0-0 0-999 1000-1999 299999- -1 -300000 0-; do
	curl -s -r $r $U/big >"$W/got"
	python3 - "$r" "$R/big" "$W/got" <<'P' || fail "range $r"
import sys
a, _, b = sys.argv[1].partition('-')
d = open(sys.argv[2], 'rb').read()
w = d[-int(b):] if not a else d[int(a):int(b) + 1 if b else None]
sys.exit(w != open(sys.argv[3], 'rb').read())
P
done
head -c 100000 "$R/big" >"$W/part"
curl -s -C - -o "$W/part" $U/big
cmp "$W/part" "$R/big" || fail "curl resumes"
if command -v wget >/dev/null; then
	head -c 1000 "$R/big" >"$W/big"
	wget -q -c -P "$W" $U/big
	cmp "$W/big" "$R/big" || fail "wget resumes"
	mkdir "$W/mirror"
	wget -q -r -np -nH -P "$W/mirror" $U/ || :
	cmp "$W/mirror/big" "$R/big" || fail "wget mirrors by the listing"
fi
[ "$(status /a.txt -z 'Tue, 10 Jun 2014 12:34:56 GMT')" = 304 ] || fail "If-Modified-Since"
pass "curl and wget: files, ranges, resume, mirror, conditions"

# load generators count every answer that is not what it should be
if command -v ab >/dev/null; then
	ab -q -n 3000 -c 30 -k $U/a.txt >"$W/ab" 2>&1 || fail "ab"
	grep -q '^Failed requests: *0$' "$W/ab" || fail "ab: $(grep Failed "$W/ab")"
	! grep -q 'Non-2xx' "$W/ab" || fail "ab: not all answers are 200"
	pass "ab: 3000 requests, none failed"
fi
if command -v wrk >/dev/null; then
	wrk -t 1 -c 50 -d 1 $U/big >"$W/wrk" 2>&1 || fail "wrk"
	! grep -q 'Socket errors\|Non-2xx' "$W/wrk" || fail "wrk: $(cat "$W/wrk")"
	pass "wrk: $(sed -n 's/^ *\([0-9]* requests\) in.*/\1/p' "$W/wrk"), none failed"
fi

# the answer from memory is the first one's twin, but for Date; a client that
# closes its half, and one that sends more at once than fits, are answered
python3 - "$R/big" <<'P' || fail "answers from memory"
import re, socket, sys
def ask(b, end=False):
    s = socket.create_connection(('127.0.0.1', 8080), 20); s.sendall(b)
    if end: s.shutdown(socket.SHUT_WR)
    d = b''
    while True:
        p = s.recv(1 << 20)
        if not p: return d
        d += p
def same(b): return re.sub(rb'\r\nDate: [^\r]*', b'', b)
bad = []
for path in b'/empty', b'/sub/../a.txt', b'/big':
    for tail in b'1.1\r\nHost: x\r\nConnection: close', b'1.0', b'1.1\r\nHost: x\r\nConnection: keep-alive, close':
        for method in b'GET', b'HEAD':
            r = method + b' ' + path + b' HTTP/' + tail + b'\r\n\r\n'
            got = [same(ask(r)) for i in range(4)]
            if len(set(got)) != 1: bad.append('%r differs' % r)
            if b'\r\nETag: "' not in got[0] or b'\r\nContent-Length: ' not in got[0]: bad.append('%r: %r' % (r, got[0][:300]))
r = b'GET /empty HTTP/1.1\r\nHost: x\r\n\r\n'
if ask(r, True).count(b'HTTP/1.1 200 OK') != 1: bad.append('half closed')
pad = b'GET /empty HTTP/1.1\r\nHost: x\r\nX: ' + b'y' * 900 + b'\r\n\r\n'
if ask(pad * 200, True).count(b'HTTP/1.1 200 OK') != 101: bad.append('pipelined: %d' % ask(pad * 200, True).count(b'HTTP/1.1 200 OK'))
print(*bad)
sys.exit(bool(bad))
P
pass "answers from memory are the same; half closed and pipelining clients are answered"

# paths that try to leave the tree; only FollowSymLinks may lead out of it
for p in /../conf /..%2fconf /%2e%2e/conf /sub/../../conf /sub/%2e%2e/%2e%2e/conf \
    /%2e%2e%2fconf //../conf /./../conf /..%5cconf /..%00/conf /a.txt%00 \
    /a.txt/../../conf "/sub/..;/..;/conf" /%c0%ae%c0%ae/conf /%252e%252e/conf; do
	got=$(status "$p")
	case $got in
	400 | 404) ;;
	*) fail "$p: $got" ;;
	esac
done
want 200 /filelink
want 200 /dirlink/secret
want 403 /nolinks/filelink
want 403 /nolinks/inside
want 403 /nolinks/dirlink/secret
want 200 /owner/inside
[ "$(id -u)" != 0 ] || want 403 /owner/filelink
[ "$(id -u)" != 0 ] || want 403 /owner/dirlink/secret
pass "paths and links that lead out of the tree are refused"

# changes show at once, and a length is never stale
echo "hello again" >"$R/a.txt"
[ "$(curl -s $U/a.txt)" = "hello again" ] || fail "changed in place"
echo replaced >"$R/new" && mv "$R/new" "$R/a.txt"
[ "$(curl -s $U/a.txt)" = replaced ] || fail "replaced by rename"
curl -s $U/sub/ >/dev/null
touch "$R/sub/fresh"
curl -s $U/sub/ | grep -q fresh || fail "listing shows a new file at once"
rm "$R/a.txt"
want 404 /a.txt
pass "changed, replaced, new and removed files are seen at once"

# slow and hostile clients, while others are served
python3 - "$R/big" <<'P' || fail "slow clients"
import socket, sys, threading, time
def conn():
    s = socket.create_connection(('127.0.0.1', 8080)); s.settimeout(12); return s
def rest(s):
    b = b''
    try:
        while True:
            d = s.recv(65536)
            if not d: return b
            b += d
    except socket.timeout: return None
    except ConnectionError: return b
bad = []
def slowloris():
    s = conn(); t = time.time()
    try:
        for c in b'GET /big HTTP/1.1\r\nHost: x\r\nX: ' + b'y' * 100:
            s.send(bytes([c])); time.sleep(.1)
            if time.time() - t > 9: break
    except OSError: return
    if time.time() - t > 9: bad.append('slowloris lives for %.0f s' % (time.time() - t))
def flood():
    s = conn()
    try:
        s.sendall(b'GET / HTTP/1.1\r\nHost: x\r\n')
        for i in range(100000): s.sendall(b'X-%d: y\r\n' % i)
    except OSError: pass
    b = rest(s)
    if b is None or (b and b' 400 ' not in b[:20]): bad.append('header flood: %r' % (b or b'')[:40])
def never_reads():
    s = conn(); t = time.time()
    try:
        for i in range(200): s.sendall(b'GET /big HTTP/1.1\r\nHost: x\r\n\r\n')
    except OSError: return
    time.sleep(6)
    try:
        for i in range(50): s.sendall(b'GET /big HTTP/1.1\r\nHost: x\r\n\r\n' * 100)
        bad.append('a client that never reads is kept')
    except OSError: pass
def silent():
    s = conn(); s.sendall(b'G'); b = rest(s)
    if b is None: bad.append('silent connection is kept')
th = [threading.Thread(target=f) for f in [slowloris] * 20 + [flood] * 2 + [never_reads] * 3 + [silent] * 5]
for t in th: t.start()
want = open(sys.argv[1], 'rb').read(); n = 0; end = time.time() + 5
while time.time() < end:
    s = conn(); s.sendall(b'GET /big HTTP/1.0\r\n\r\n'); b = rest(s)
    if b is None or b.partition(b'\r\n\r\n')[2] != want: bad.append('others starve'); break
    n += 1
for t in th: t.join(30)
print('%d files served meanwhile' % n, *bad)
sys.exit(bool(bad) or n < 10)
P
kill -0 $server || fail "the server has gone"
pass "slow, silent, greedy and flooding clients do not stop others"

# reloads under load: no request fails on a graceful one; a broken file changes nothing
python3 - "$R/big" $server "$W/conf" <<'P' || fail "reload under load"
import http.client, os, signal, sys, threading, time
want = open(sys.argv[1], 'rb').read(); pid = int(sys.argv[2]); bad = []; n = [0]; stop = []
def load():
    while not stop:
        try:
            c = http.client.HTTPConnection('127.0.0.1', 8080, timeout=10)
            c.request('GET', '/big', headers={'Connection': 'close'})
            if c.getresponse().read() != want: bad.append('short')
            c.close(); n[0] += 1
        except Exception as e: bad.append(repr(e))
th = [threading.Thread(target=load) for _ in range(4)]
for t in th: t.start()
for i in range(5): time.sleep(.4); os.kill(pid, signal.SIGUSR1)
good = open(sys.argv[3]).read(); open(sys.argv[3], 'w').write(good + 'Nonsense\n')
os.kill(pid, signal.SIGUSR1); time.sleep(.5); os.kill(pid, signal.SIGHUP); time.sleep(.7)
open(sys.argv[3], 'w').write(good); stop.append(1)
for t in th: t.join()
print('%d requests over 5 graceful and 2 broken reloads' % n[0], *bad[:3])
sys.exit(bool(bad) or n[0] < 20)
P
grep -q "old one stays" "$W/logs/error" || fail "a broken reload is not in the log"
pass "graceful reloads lose no request, broken ones are refused"

kill -TERM $server
wait $server || fail "exit status $?"
[ ! -e "$W/pid" ] || fail "pid file is left"
n=$(grep -c '"GET /big HTTP' "$W/logs/access")
[ "$n" -gt 50 ] || fail "access log is short: $n"
pass "$(wc -l <"$W/logs/access") lines in the access log"

# MaxRequestWorkers: what is busy keeps others in the backlog, what is idle goes
"$BUILD/httpd" -f "$W/conf" -X -DFOREGROUND -c 'MaxRequestWorkers 3' >"$W/stderr" 2>&1 &
server=$!
until_true 5 curl -s -o /dev/null $U/empty || fail "does not answer: $(cat "$W/stderr")"
python3 - <<'P' || fail "MaxRequestWorkers"
import socket, sys, time
def conn(b):
    s = socket.create_connection(('127.0.0.1', 8080)); s.settimeout(1); s.sendall(b); return s
def answer(s):
    try: return s.recv(65536)[:15]
    except socket.timeout: return None
whole = b'GET /empty HTTP/1.1\r\nHost: x\r\n\r\n'; bad = []
for i in range(20):
    s = conn(whole)
    if answer(s) != b'HTTP/1.1 200 OK': bad.append('idle connections keep others out')
    globals()['s%d' % i] = s	# stays open
busy = [conn(b'GET /empty HTTP/1.1\r\n') for i in range(3)]
time.sleep(.3)
late = conn(whole)
if answer(late) is not None: bad.append('a fourth is served')
busy[1].close()
late.settimeout(20)
if answer(late) != b'HTTP/1.1 200 OK': bad.append('the fourth is forgotten')
print(*bad)
sys.exit(bool(bad))
P
kill -TERM $server
wait $server || fail "exit status $?"
pass "MaxRequestWorkers bounds the connections"
