#!/bin/sh
# SPDX-License-Identifier: ISC
#
# workers.sh - httpd on machines with more processors than it starts workers.
#
# The program of make faults asks wrap.c how many processors there are.  Up to 64
# there is a worker for each, beyond that there are 64; all requests are answered,
# and no worker is left when the server ends.
set -u
. tests/sys/lib.sh
need ip curl
private
set +e
mkdir -p $W/html
head -c 3000 /dev/zero | tr '\0' k >$W/html/file
export ASAN_OPTIONS=detect_leaks=0
cat >$W/httpd.conf <<CONF
ServerRoot "$W"
Listen 127.0.0.1:8080
ServerName localhost
DocumentRoot "$W/html"
<Directory "$W/html">
	Require all granted
</Directory>
ErrorLog "error_log"
PidFile "$W/httpd.pid"
CONF

# children PID - how many processes it has
children() { cat /proc/[0-9]*/status 2>/dev/null | grep -c "^PPid:[[:space:]]*$1\$"; }
has() { [ "$(children "$1")" = "$2" ]; }

# workers PROCESSORS WORKERS
workers() {
	KS_CPUS=$1 "$BUILD/httpd" -f $W/httpd.conf -DFOREGROUND >$W/log 2>&1 &
	pid=$!
	until_true 20 has $pid "$2" ||
	    fail "$(children $pid) workers for $1 processors, not $2: $(cat $W/log)"
	i=0
	while [ $i -lt $((3 * $2)) ]; do
		curl -s -m 10 http://127.0.0.1:8080/file | cmp -s - $W/html/file ||
		    fail "request $i is not answered with $1 processors"
		i=$((i + 1))
	done
	has $pid "$2" || fail "$(children $pid) workers for $1 processors after requests"
	kill -TERM $pid
	wait $pid || fail "exit status $? with $1 processors"
	! grep -q -e AddressSanitizer -e 'runtime error' $W/log || fail "sanitizer: $(cat $W/log)"
	! grep -q "^Name:[[:space:]]*httpd$" /proc/[0-9]*/status || fail "a worker is left"
}

workers 1 1
workers 64 64
workers 65 64
workers 1000 64
pass "a worker for each processor, up to 64"
