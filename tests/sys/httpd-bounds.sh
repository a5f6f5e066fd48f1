#!/bin/sh
# SPDX-License-Identifier: ISC
# httpd at its limits and beyond: more connections than it takes, a log disk
# that is full, a syslog that nobody reads, no descriptors, no memory, a cable
# that is pulled, an address that changes.  After each it serves again by itself.
#
# CONNS=50000  connections
. tests/sys/lib.sh
need python3 ip prlimit
private
wire 10.10.0.1/16
ip -n client addr add 10.10.0.2/16 dev c0
own_dev
mkdir $W/html $W/logs
chmod 755 $W $W/html
mount -t tmpfs -o size=1m none $W/logs
head -c 1000000 /dev/urandom >$W/html/file
cat >$W/conf <<E
ServerRoot "$W"
PidFile "$W/pid"
ServerName test
Listen 8080
User root
Group root
DocumentRoot "$W/html"
ErrorLog syslog
LogLevel info
LogFormat "%h \"%r\" %>s %b" common
CustomLog "$W/logs/access" common
TypesConfig /dev/null
KeepAliveTimeout 2
RequestReadTimeout header=3-4,MinRate=500
<Directory "$W/html">
    Require all granted
</Directory>
E
[ "$(id -u)" = 0 ] || sed -i '/^User/d;/^Group/d' $W/conf
python3 tests/sys/httpd-bounds.py "$BUILD/httpd" $W "${CONNS:-50000}" || fail "see above"
