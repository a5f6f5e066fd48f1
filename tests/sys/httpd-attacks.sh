#!/bin/sh
# SPDX-License-Identifier: ISC
#
# httpd-attacks - the attacks of tests/unit/httpd_req.attacks against the
# running server, each with a second request behind it that must not be
# answered when the first one is refused; paths and links that lead out of the
# tree, also while a link is put in a file's place; heads without end.
. tests/sys/lib.sh
private
need python3 curl

mkdir -p "$W/html" "$W/out" "$W/logs"
chmod 755 "$W"
echo SECRET >"$W/out/secret"
echo SECRET >"$W/secret"
R=$W/html
for d in none owner follow; do
	mkdir -p "$R/$d/sub/deep"
	echo fine >"$R/$d/file"
	ln -s "$W/out/secret" "$R/$d/abs"
	ln -s ../../out/secret "$R/$d/rel"
	ln -s ../../../../out/secret "$R/$d/sub/deep/rel"
	ln -s "$W/out" "$R/$d/dir"
	ln -s / "$R/$d/root"
	ln -s dir "$R/$d/chain"
	ln -s chain/secret "$R/$d/long"
	ln -s ../.. "$R/$d/up"
	ln -s file "$R/$d/inside"
	ln -s loop "$R/$d/loop"
done
# a link of somebody else is not followed by SymLinksIfOwnerMatch
[ "$(id -u)" != 0 ] || find "$R/owner" -type l ! -name inside -exec chown -h 1:1 {} +
cat >"$W/conf" <<E
ServerRoot "$W"
PidFile "$W/pid"
ServerName test
Listen 127.0.0.1:8080
DocumentRoot "$R"
ErrorLog "$W/logs/error"
LogFormat "%>s %r" line
CustomLog "$W/logs/access" line
TypesConfig /dev/null
AllowEncodedSlashes NoDecode
KeepAliveTimeout 2
RequestReadTimeout header=4 body=2
<Directory "$R">
    Options Indexes
    Require all granted
</Directory>
<Directory "$R/owner">
    Options +SymLinksIfOwnerMatch
</Directory>
<Directory "$R/follow">
    Options +FollowSymLinks
</Directory>
E
"$BUILD/httpd" -f "$W/conf" -DFOREGROUND >"$W/stderr" 2>&1 &
server=$!
until_true 5 curl -s -o /dev/null http://127.0.0.1:8080/none/file || fail "does not answer: $(cat "$W/stderr")"

cat >"$W/attack.py" <<'P'
import itertools, os, re, socket, sys, threading, time
from urllib.parse import quote
W, R = sys.argv[2], sys.argv[2] + '/html'
bad = []
def talk(pieces, end=True):
    """All that comes back when the pieces have been sent one by one."""
    s = socket.create_connection(('127.0.0.1', 8080), 20)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    got = b''
    try:
        for p in pieces:
            s.sendall(p)
            if len(pieces) > 1: time.sleep(0.0005)
        if end: s.shutdown(socket.SHUT_WR)
    except OSError: pass
    try:
        while True:
            d = s.recv(1 << 16)
            if not d: return got
            got += d
    except ConnectionError: return got
    finally: s.close()
def statuses(got): return [int(m) for m in re.findall(rb'(?m)^HTTP/1\.1 (\d+) ', got)]

def unescape(s):
    def piece(m): return unescape(m.group(1)) * int(m.group(2))
    def plain(s):
        return re.sub(rb'\\(x[0-9a-fA-F]{2}|.)', lambda m: bytes([int(m.group(1)[1:], 16)]) if m.group(1)[:1] == b'x' and len(m.group(1)) == 3
                      else {b'r': b'\r', b'n': b'\n', b't': b'\t'}.get(m.group(1), m.group(1)), s)
    out, at = b'', 0
    for m in re.finditer(rb'\{([^{}*]*)\*(\d+)\}', s):
        out += plain(s[at:m.start()]) + piece(m); at = m.end()
    return out + plain(s[at:])

def requests():
    n = 0
    for i, line in enumerate(open('tests/unit/httpd_req.attacks', 'rb').read().split(b'\n')):
        f = line.split(b'\t')
        if line[:1] == b'#' or len(f) != 3: continue
        want, attack, why = f[0].decode(), unescape(f[1]), f[2].decode()
        mark = b'GET /smuggled-%d HTTP/1.1\r\nHost: a\r\n\r\n' % i
        both = attack + mark
        ways = [[both], [attack, mark]]
        if len(both) < 400: ways += [[both[k:k + 1] for k in range(len(both))], re.split(rb'(?<=\r)', both)]
        for way in ways:
            n += 1
            got = talk(way); st = statuses(got)
            if want[:2] == 'ok':
                if not st or st[0] in (400, 408, 501, 505): bad.append('%s: refused with %s' % (why, st))
            elif st != [int(want)]: bad.append('%s: %s instead of %s' % (why, st, want))
            elif b'\r\nConnection: close\r\n' not in got: bad.append('%s: not closed' % why)
    time.sleep(1.5)
    allowed = set()
    for i, line in enumerate(open('tests/unit/httpd_req.attacks', 'rb').read().split(b'\n')):
        if line.startswith(b'ok none\t'): allowed.add(i)
    for line in open(W + '/logs/access', errors='replace'):
        m = re.search(r'smuggled-(\d+)', line)
        if m and int(m.group(1)) not in allowed and line.startswith('404'): bad.append('smuggled: ' + line.strip())
    return '%d deliveries of requests' % n

def get(path): return talk([b'GET ' + path + b' HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'], False)
def paths():
    dots = [b'..', b'%2e%2e', b'.%2e', b'%2E.', b'%252e%252e', b'%c0%ae%c0%ae', b'%e0%80%ae%e0%80%ae', b'..%00', b'%00..', b'..;', b'..;x=y',
            b'...', b'.. ', b'..%20', b'..%09', b'%u002e%u002e', b'..\xef\xbc\x8f', b'\xc0\xae\xc0\xae', b'..%5c', b'..\\', b'%5c..']
    seps = [b'/', b'//', b'%2f', b'%2F', b'%252f', b'\\', b'%5c', b'/./', b'/%2e/', b'%c0%af', b'%e0%80%af', b';/', b'/x/../', b'%00/']
    heads = [b'/', b'//', b'/none/', b'/none/sub/', b'/none/file/', b'/./', b'/nowhere/', b'/none/inside/', b'http://a/']
    n = 0
    for head, dot, sep in itertools.product(heads, dots, seps):
        for tail in (b'out/secret', b'secret'):
            got = get(head + (dot + sep) * (2 if n % 2 else 4) + tail); n += 1
            st = statuses(got)
            if b'SECRET' in got or len(st) != 1 or st[0] not in (301, 400, 403, 404):
                bad.append('%r: %s' % (head + dot + sep, got[:60]))
    links = ['abs', 'rel', 'sub/deep/rel', 'dir/secret', 'chain/secret', 'long', 'up/out/secret', 'root' + W + '/secret', 'dir/', 'chain', 'root/', 'up/',
             'root/etc/passwd', 'loop', 'dir/../secret', 'sub/../abs', 'sub/deep/../../rel', 'dir/./secret', 'up/html/none/abs']
    for where, link in itertools.product(('none', 'owner', 'follow'), links):
        for path in {'/%s/%s' % (where, link), '/%s/%s' % (where, link.replace('/', '//')), '/%s/%s' % (where, link[:1] + link[1:].replace('e', '%65'))}:
            got = get(path.encode()); n += 1
            leaks = b'SECRET' in got or b'root:' in got or b'Index of' in got
            if leaks and where != 'follow' and (where == 'none' or os.getuid() == 0): bad.append('%s leads out' % path)
    for where in 'none', 'owner', 'follow':
        st = statuses(get(b'/%s/inside' % where.encode()))
        if st != [403 if where == 'none' else 200]: bad.append('%s/inside: %s' % (where, st))
    if b'SECRET' not in get(b'/follow/abs'): bad.append('FollowSymLinks does not follow')
    return '%d paths' % n

def swaps():
    """A link takes the place of a file, and a linked directory that of one, again and again."""
    stop, n = [], [0]
    def flip():
        i = 0
        os.makedirs(R + '/none/real'); open(R + '/none/real/secret', 'w').write('fine\n')
        while not stop:
            i += 1
            for name, kinds in ('flip', (R + '/none/file', W + '/out/secret')), ('flipdir', (R + '/none/real', W + '/out')):
                t = '%s/none/.t%d' % (R, i)
                if i % 2: os.symlink(kinds[1], t)
                elif name == 'flip': open(t, 'w').write('fine\n')
                else: os.makedirs(t, exist_ok=True); open(t + '/secret', 'w').write('fine\n')
                p = '%s/none/%s' % (R, name)
                if os.path.isdir(p) and not os.path.islink(p): os.rename(p, '%s.old%d' % (t, i))
                elif name == 'flipdir' and not i % 2 and os.path.islink(p): os.unlink(p)
                os.rename(t, p)
    def ask(path):
        while not stop:
            if b'SECRET' in get(path): bad.append('%r leaks while it changes' % path); return
            n[0] += 1
    th = [threading.Thread(target=flip)] + [threading.Thread(target=ask, args=(p,)) for p in (b'/none/flip', b'/none/flipdir/secret', b'/none/flip')]
    for t in th: t.start()
    time.sleep(4); stop.append(1)
    for t in th: t.join()
    if n[0] < 50: bad.append('only %d looks' % n[0])
    return '%d looks at changing links' % n[0]

def floods():
    n = 0
    for flood in (b'GET / HTTP/1.1\r\n' + b'X: y\r\n' * 200000, b'GET / HTTP/1.1\r\nHost: a\r\n' + b'X' * 3000000, b'GET / HTTP/1.1\r\nX: ' + b'y' * 3000000,
                  b'GET /' + b'a' * 3000000, b'G' * 3000000, b'\r\n' * 1500000, b'GET / HTTP/1.1\r\n' + b'A: b\r\n' * 251 + b'\r\n', b'\0' * 1000000, b':' * 100000 + b'\r\n' * 100000,
                  b'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n' + b'1;' + b'e' * 2000000, b'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n' + b'0' * 2000000,
                  b'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n' + b'T: t\r\n' * 300000, b'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n' + b'1\r\nx\r\n' * 300000):
        st = statuses(talk([flood])); n += 1
        if any(s < 400 for s in st) or len(st) > 1: bad.append('flood %r: %s' % (flood[:40], st))
    return '%d floods' % n

print(globals()[sys.argv[1]](), *bad[:20], sep='\n')
sys.exit(bool(bad))
P
for kind in requests paths swaps floods; do
	said=$(timeout 100 python3 "$W/attack.py" $kind "$W") || fail "$kind: $said"
	pass "$said, none succeeds"
done
kill -0 $server || fail "the server has gone"
[ "$(curl -s http://127.0.0.1:8080/follow/file)" = fine ] || fail "does not answer afterwards"
! grep -i 'assert\|signal' "$W/logs/error" "$W/stderr" || fail "a worker died"
kill $server
wait $server || fail "exit status $?"
