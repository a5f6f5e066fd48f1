#!/bin/sh
# SPDX-License-Identifier: ISC
# What a running daemon still may: user, groups, capabilities and walls as the
# kernel tells them, for each way to start one; then system calls are made inside
# the running processes, as an attacker who took one over would, and must fail.
. tests/sys/lib.sh
need python3
[ "$(id -u)" = 0 ] || skip "not root"
private
wire 10.10.0.1/16
mkdir -p $W/html $W/logs $W/db $W/cage/dev $W/cage/db $W/run
chmod 755 $W $W/html
chmod 777 $W/db $W/run
echo file >$W/html/file
cat >$W/dhcpd.conf <<'CONF'
authoritative; ddns-update-style none; ping-check false;
subnet 10.10.0.0 netmask 255.255.0.0 { range 10.10.4.0 10.10.4.255; }
CONF
cp $W/dhcpd.conf $W/cage/dhcpd.conf
{ cat $W/dhcpd.conf; echo 'on commit { execute("/bin/true"); }'; } >$W/execute.conf
for f in $W/db/leases $W/cage/db/leases; do : >$f; chmod 666 $f; done
chmod 777 $W/cage/db
cat >$W/httpd.conf <<E
ServerRoot "$W"
PidFile "$W/run/httpd.pid"
ServerName test
Listen 127.0.0.1:8080
User nobody
Group nogroup
DocumentRoot "$W/html"
ErrorLog "$W/logs/error"
TypesConfig /dev/null
<Directory "$W/html">
    Require all granted
</Directory>
E
mkdir $W/cgi-bin
printf '#!/bin/sh\necho Content-Type: text/plain\necho\nexec sleep 60\n' >$W/cgi-bin/sleep
chmod 755 $W/cgi-bin $W/cgi-bin/sleep
{ cat $W/httpd.conf; echo "ScriptAlias /cgi-bin/ $W/cgi-bin/"; } >$W/scripts.conf
python3 tests/sys/privilege.py "$BUILD" $W || fail "see above"
