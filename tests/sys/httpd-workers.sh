#!/bin/sh
# SPDX-License-Identifier: ISC
#
# httpd-workers - which worker takes a connection: the first while it has time
# and room; another when that one is busy, full, stopped or killed, or when the
# configuration is read again meanwhile.
. tests/sys/lib.sh
private
need python3

mkdir -p "$W/html" "$W/logs"
chmod 755 "$W"
: >"$W/html/empty"
cat >"$W/conf" <<E
ServerRoot "$W"
PidFile "$W/pid"
ServerName test
Listen 127.0.0.1:8080
DocumentRoot "$W/html"
ErrorLog "$W/logs/error"
TypesConfig /dev/null
MaxKeepAliveRequests 0
KeepAliveTimeout 60
<Directory "$W/html">
    Require all granted
</Directory>
E
python3 tests/sys/httpd-workers.py "$BUILD/httpd" "$W" || exit $?
