#!/bin/sh
# SPDX-License-Identifier: ISC
#
# httpd-hostile - a pipe where a .htaccess is looked for, passwords that take
# long to check, titles and names of files that may not be read, clients that go
# while a script works, connections without patience, readers of directory pages
# that do not read, a graceful restart behind which requests wait.
. tests/sys/lib.sh
need python3 curl perl
private
httpd_room
script slow 'exec sleep 20'
mkdir $W/html/costly $W/html/pipe $W/html/titles $W/html/many $W/html/names $W/html/names/sub
mkfifo -m 666 $W/html/pipe/.htaccess
echo fine >$W/html/file
echo fine >$W/html/pipe/file
touch $W/html/names/sub/first $W/html/names/sub/second $W/html/names/sub/admin
for name in open closed; do
	echo "<title>the $name title</title>" >$W/html/titles/$name.html
done
echo "<title>the linked title</title>" >$W/linked.html
ln -s $W/linked.html $W/html/titles/link.html
(cd $W/html/many && seq -f "name-$(printf %0200d 0)-%.0f" 3000 | xargs touch)
cat >$W/conf <<E
ServerRoot "$W"
PidFile "$W/pid"
ServerName test
Listen 127.0.0.1:8080
Listen 127.0.0.1:8081
User nobody
Group nogroup
DocumentRoot "$W/html"
ErrorLog "$W/logs/error"
LogFormat "%>s %U %{Allow}o" line
CustomLog "$W/logs/access" line
TypesConfig /dev/null
AddType text/html .html
ScriptAlias /cgi-bin/ $W/cgi/
<Directory "$W">
    Options Indexes
    IndexOptions FancyIndexing ScanHTMLTitles NameWidth=*
    Require all granted
</Directory>
<Directory "$W/html/titles">
    IndexOptions +ShowForbidden
</Directory>
<Directory "$W/html/pipe">
    AllowOverride All
</Directory>
<Directory "$W/html/costly">
    AllowOverride All
</Directory>
<Directory "$W/html/names">
    AllowOverride All
</Directory>
SetEnvIf X-Admin yes admin
<Files admin>
    Require env admin
</Files>
<Files closed.html>
    Require all denied
</Files>
<VirtualHost *:8081>
    CustomLog /dev/null line
    KeepAliveTimeout 0
</VirtualHost>
E
[ "$(id -u)" = 0 ] || sed -i '/^User/d;/^Group/d' $W/conf
"$BUILD/httpd" -X -f $W/conf >$W/log 2>&1 &
pid=$!
url=http://127.0.0.1:8080
until_true 5 curl -s -o $W/out $url/file || fail "not served: $(cat $W/log)"

[ "$(curl -s -m 5 -o $W/out -w '%{http_code}' $url/pipe/file)" = 403 ] ||
    fail "a pipe as .htaccess was waited for"
cat >$W/html/costly/.htaccess <<E
AuthType Basic
AuthName costly
AuthUserFile $W/passwd
Require valid-user
E
echo fine >$W/html/costly/file
for setting in '$6$rounds=999999999$salt' '$6$rounds=1000001$salt' '$5$rounds=$salt' '$2y$31$saltsaltsaltsaltsaltsa' '_zzzzsalt' \
    '$y$jDT$saltsaltsalt' '$y$j9Z$saltsaltsalt' '$gy$jFT$saltsaltsalt' '$7$GU..../....saltsaltsalt' \
    '$7$CUzzzz/....saltsaltsalt' '$sha1$1000001$salt' '$md5,rounds=99$salt'; do
	printf 'user:%s$%086d\n' "$setting" 0 >$W/passwd
	[ "$(curl -s -m 2 -u user:pass -o $W/out -w '%{http_code}' $url/costly/file)" = 401 ] ||
	    fail "a costly password was looked at: $setting"
done
for setting in sa '$1$salt' '$5$salt' '$6$rounds=5000$salt' '$2y$10$saltsaltsaltsaltsaltsa' '$y$j9T$saltsaltsalt' \
    '$gy$j75$saltsaltsalt' '$7$CU..../....saltsaltsalt' '$sha1$40000$salt'; do
	hash=$(perl -e 'print crypt("pass", $ARGV[0])' "$setting")
	case $hash in
	\**|'') continue ;;		# none of this system's
	esac
	echo "user:$hash" >$W/passwd
	[ "$(curl -s -m 5 -u user:pass -o $W/out -w '%{http_code}' $url/costly/file)" = 200 ] ||
	    fail "not known for a password: $hash"
done
curl -s -m 5 -o $W/out $url/titles/
grep -q 'the open title' $W/out || fail "no titles: $(cat $W/out)"
grep -q 'closed.html' $W/out || fail "what is forbidden is not shown: $(cat $W/out)"
grep -q 'the closed title\|the linked title' $W/out && fail "a closed file's title: $(cat $W/out)"

# a page is kept for those only who may see the same, until it would be another
names() { curl -s -m 5 "$@" $url/names/sub/ | sed -n 's/.*>\([a-z]*\)<.a>.*/\1/p' | tr '\n' ' '; }
[ "$(names -H 'X-Admin: yes')" = 'admin first second ' ] || fail "names: $(names -H 'X-Admin: yes')"
[ "$(names)" = 'first second ' ] || fail "a variable's names are shown without it: $(names)"
for hidden in first second; do
	printf 'IndexIgnore %-6s\n' $hidden >$W/html/names/.htaccess
	sleep 1.2
	names | grep -q -w $hidden && fail "$hidden is shown though it is to be ignored now"
done

SERVER=$pid LOGS=$W/logs python3 - <<'E' || fail "see above"
import os, signal, socket, struct, subprocess, time

def connect(port=8080):
    return socket.create_connection(("127.0.0.1", port), 30)

def request(path, method=b"GET", more=b""):
    return method + b" " + path + b" HTTP/1.1\r\nHost: a\r\n" + more + b"\r\n"

# a line about a request that was not answered tells nothing of the last one
sock = connect()
sock.sendall(request(b"/file", b"PUT", b"Connection: close\r\n"))
while sock.recv(4096):
    pass
sock = connect()
sock.sendall(request(b"/cgi-bin/slow"))
time.sleep(0.5)
sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
sock.close()
time.sleep(1.5)
with open(os.environ["LOGS"] + "/access") as log:
    lines = log.read().splitlines()
assert lines[-1] == "200 /cgi-bin/slow -", lines[-2:]

# without a time to wait a connection ends when its answer is out
sock = connect(8081)
sock.sendall(request(b"/file") + request(b"/file"))
start, got = time.monotonic(), b""
while data := sock.recv(4096):
    got += data
assert got.count(b"fine") == 2 and time.monotonic() - start < 3, (got, time.monotonic() - start)

# words that mean nothing do not make other pages; who reads none takes no room
def slow_reader(query):
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    sock.connect(("127.0.0.1", 8080))
    sock.sendall(request(b"/many/?" + query))
    return sock
def page():
    sock = connect()
    sock.sendall(request(b"/titles/", more=b"Connection: close\r\n"))
    return int(sock.recv(100).split()[1])
readers = [slow_reader(b"word%d" % i) for i in range(70)]
assert page() == 200, "70 readers of one page take all room"
stars = [slow_reader(b"P=name" + b"*" * (i + 1)) for i in range(70)]
no_room = [int(sock.recv(13)[9:12]) for sock in stars].count(503)
assert 0 < no_room < 40, f"{no_room} of 70 pages have no room"
assert page() == 200, "a small page has no room"
for sock in readers + stars:
    sock.close()

# what has come when a worker is told to finish is answered
server = int(os.environ["SERVER"])
socks = [connect() for _ in range(8)]
for sock in socks:
    sock.sendall(request(b"/file"))
    assert b"fine" in sock.recv(4096)
workers = subprocess.run(["ps", "-o", "pid=", "--ppid", str(server)], stdout=subprocess.PIPE,
    check=True).stdout.split()
for worker in workers:
    os.kill(int(worker), signal.SIGSTOP)
os.kill(server, signal.SIGUSR1)
time.sleep(1)
for sock in socks:
    sock.sendall(request(b"/file"))
time.sleep(0.1)
for worker in workers:
    os.kill(int(worker), signal.SIGCONT)
for sock in socks:
    got = sock.recv(4096)
    assert b"fine" in got and b"Connection: close" in got, got
E
kill -TERM $pid
wait $pid || fail "exit status $?"
pass "pipes, titles, lines, patience, slow readers, waiting requests"
