#!/bin/sh
# SPDX-License-Identifier: ISC
#
# faults.sh - every call fails once, in the programs as they are.
#
# For n = 1, 2, .. each daemon is started with KS_FAULT=n (see wrap.c), is asked
# for service by a real client, and is told to stop.  It may refuse to start,
# with a message and a plain exit; once it runs it has to serve again after one
# failed call.  It must never die of a signal, trip a sanitizer, or fail to stop.
#
# What dhcpd has acknowledged must be in its leases file, whatever failed.  The log
# of a program that goes on gives the reason of the call that failed, unless the
# call is in tests/faults/silent.
#
# CALLS=LAST  the last n to try; ONLY=httpd  one program
# LEAKS=1     without the sandbox, which the leak check does not stand: memory
#             that nobody knows any more at the end is wrong too
set -u
. tests/sys/lib.sh
: "${LEAKS:=}" "${CALLS:=600}" "${ONLY:=dhcpd in.tftpd httpd}"
need ip curl busybox nm addr2line
private
set +e
wire
ip link set c0 2>/dev/null
root=$W/root
mkdir -p "$root" $W/html $W/logs
if [ -n "$LEAKS" ]; then
	mkdir "$root/proc"
	mount --rbind /proc "$root/proc"
fi
head -c 3000 /dev/zero | tr '\0' k >"$root/file"
cp "$root/file" $W/html/file
head -c 300000 /dev/zero | tr '\0' l >$W/html/large
export ASAN_OPTIONS=detect_leaks=${LEAKS:-0}:allocator_may_return_null=1
box=${LEAKS:+--no-sandbox}
bad=0 runs=0 refused=0

# Every library call of the programs is wrapped, or listed with the reason.
nm --defined-only "$BUILD/dhcpd" "$BUILD/in.tftpd" "$BUILD/httpd" |
    sed -n 's/.* T __wrap_//p' | sort -u >$W/wrapped
nm -u build/obj-faults/*/*.o | sed -n 's/^ *U //p' | sort -u >$W/used
nm --defined-only -g build/obj-faults/*/*.o | awk 'NF == 3 { print $3 }' | sort -u >$W/own
sed -n 's/^\([a-z_0-9]*\)[[:space:]].*/\1/p' tests/faults/unwrapped | sort -u >$W/listed
comm -23 $W/used $W/own | comm -23 - $W/wrapped |
    grep -v '^__\(asan\|ubsan\|errno\|stack_chk\|sched_cpu\)\|^_GLOBAL' >$W/left
[ -s $W/wrapped ] || fail "nothing is wrapped in $BUILD"
comm -23 $W/left $W/listed | sed 's/^/FAIL faults: neither wrapped nor in tests\/faults\/unwrapped: /' |
    grep . && exit 1
comm -13 $W/left $W/listed | sed 's/^/FAIL faults: in tests\/faults\/unwrapped for nothing: /' |
    grep . && exit 1

# What a program says may go to the system's log: a /dev of our own with one.
own_dev
busybox syslogd -n -O $W/syslog &
until_true 5 test -S /dev/log || fail "no syslogd"

cat >$W/dhcpd.conf <<'CONF'
authoritative;
ddns-update-style none;
ping-check false;
subnet 10.10.3.0 netmask 255.255.255.0 { range 10.10.3.100 10.10.3.200; }
CONF
cat >$W/httpd.conf <<CONF
ServerRoot "$W"
Listen 127.0.0.1:8080
ServerName localhost
DocumentRoot "$W/html"
<Directory "$W/html">
	Require all granted
	Options Indexes
</Directory>
LogFormat "%h %l %u %t \"%r\" %>s %b" common
CustomLog "logs/access_log" common
ErrorLog "logs/error_log"
PidFile "$W/httpd.pid"
CONF

start_dhcpd() {
	: >$W/leases
	: >$W/acked
	rm -f $W/leases~ $W/leases.[0-9]*
	KS_FAULT=$1 "$BUILD/dhcpd" $box -f -d -4 -cf $W/dhcpd.conf -lf $W/leases --no-pid s0 >$W/log 2>&1 &
}
ask_dhcpd() { client busybox udhcpc -i c0 -n -q -f -t 3 -T 1 -s $W/bound >/dev/null 2>&1; }
lost_dhcpd() {
	while read -r ip; do
		grep -q "^lease $ip {" $W/leases || echo "$ip"
	done <$W/acked
}

start_in_tftpd() { KS_FAULT=$1 "$BUILD/in.tftpd" $box -v -v -L -a 127.0.0.1:69 -u root -s "$root" >$W/log 2>&1 & }
ask_in_tftpd() { curl -s -m 4 tftp://127.0.0.1/file | cmp -s - "$root/file"; }

start_httpd() { KS_FAULT=$1 "$BUILD/httpd" $box -f $W/httpd.conf -DFOREGROUND >$W/log 2>&1 & }
ask_httpd() {
	curl -s -m 4 http://127.0.0.1:8080/file | cmp -s - "$root/file" &&
	    curl -s -m 4 http://127.0.0.1:8080/large | cmp -s - $W/html/large &&
	    curl -s -m 4 http://127.0.0.1:8080/ | grep -q large
}

lost_in_tftpd() { :; }
lost_httpd() { :; }
cat >$W/bound <<E
#!/bin/sh
[ "\$1" != bound ] || echo "\$ip" >>$W/acked
E
chmod 755 $W/bound

complain() {
	bad=$((bad + 1))
	echo "FAIL $1: call $n ($(sed -n 's/^fault: //p' $W/log | head -n 1)): $2"
	tail -n 25 $W/log | sed 's/^/    /'
}

# Asked up to a hundred times: a starting program needs a moment, and httpd starts a
# worker for one that failed after a second, which fails too: it counts anew.
is_served() {
	tries=0
	while [ $tries -lt 100 ]; do
		tries=$((tries + 1))
		sleep 0.1
		kill -0 "$1" 2>/dev/null || return 1
		"ask_$2" && return 0
	done
	return 1
}

# All that was said, once the system's log has it.
said() {
	busybox logger "end of $n"
	until_true 5 grep -q "end of $n\$" $W/syslog
	cat $W/log $W/syslog $W/logs/* 2>/dev/null | grep -a -v '^fault: '
}

# note PROGRAM - which calls failed without a word, for look_up
note() {
	[ ! -s $W/log ] || said >$W/said
	sed -n 's/^fault: //p' $W/log | while read -r call places why; do
		grep -a -q -F -e "$why" $W/said || echo "$1 $call $places $n"
	done >>$W/silent
}

# site PROGRAM PLACES - FILE:FUNCTION of the call; of one in common/ with who
# asked for it, after a "<"
site() {
	# shellcheck disable=SC2046 # a list
	addr2line -f -i -e "$BUILD/$1" $(echo "$2" | tr , ' ') | awk '
		NR % 2 { name = $0; next }
		!match($0, /[a-z]+\/[a-z_0-9]+\.c/) { next }
		{ at = substr($0, RSTART, RLENGTH) ":" name }
		at ~ /^faults\// { next }
		first == "" { first = at; if (at !~ /^common\//) exit; next }
		at !~ /^common\// { second = "<" at; exit }
		END { print first second }'
}

# look_up - those of them that are not in the table
look_up() {
	sort -u -k1,3 $W/silent | while read -r prog call places at; do
		where=$(site "$prog" "$places")
		grep -q -F -e "$where	$call	" tests/faults/silent ||
		    echo "FAIL $prog: call $at: $call failed in silence: $where"
	done | sort -u
}

# one PROGRAM FUNCTION-NAME - false when n is beyond its last call
one() {
	: >$W/syslog
	rm -f $W/logs/*
	"start_$2" $n
	pid=$!
	served=1
	{ is_served $pid "$2" && is_served $pid "$2"; } || served=0
	if kill -0 $pid 2>/dev/null; then
		running=1
		kill -TERM $pid
		until_true 5 sh -c "! kill -0 $pid" || { complain "$1" "does not stop"; kill -KILL $pid; }
	else
		running=0
	fi
	wait $pid
	rc=$?
	runs=$((runs + 1))
	lost=$("lost_$2")
	if [ -n "$lost" ]; then
		complain "$1" "acknowledged and not on file: $lost"
	elif grep -q -e 'AddressSanitizer' -e 'LeakSanitizer' -e 'runtime error' $W/log; then
		complain "$1" "sanitizer"
	elif [ $rc -ge 128 ] && [ $rc -ne 143 ]; then
		complain "$1" "died of signal $((rc - 128))"
	elif [ $running = 0 ] && [ $rc -eq 0 ]; then
		complain "$1" "gone, with exit 0"
	elif [ $running = 0 ] && ! said | grep -a -v "end of $n" | grep -a -q .; then
		complain "$1" "gone, without a word"
	elif [ $running = 1 ] && [ $served = 0 ]; then
		complain "$1" "runs but does not serve"
	fi
	[ $running = 1 ] || refused=$((refused + 1))
	[ $running = 0 ] || note "$1"
	grep -q '^fault: ' $W/log
}

# Rows of the table are about functions that there are.
grep -v '^#' tests/faults/silent | sed 's/	.*//' | tr '<' '\n' | sort -u |
while IFS=: read -r file function; do
	grep -q "^$function(" "$file" || echo "FAIL faults: tests/faults/silent: no $function in $file"
done | grep . && exit 1

: >$W/silent
for p in $ONLY; do
	n=1
	while [ $n -le "$CALLS" ]; do
		one "$p" "$(echo "$p" | tr . _)" || break
		n=$((n + 1))
	done
	echo "faults: $p: $((n - 1)) calls failed in turn"
done
look_up >$W/unlisted
cat $W/unlisted
bad=$((bad + $(wc -l <$W/unlisted)))
echo "faults: $runs runs, $refused refused to go on with a message, $bad wrong"
[ $bad -eq 0 ]
