#!/bin/sh
# SPDX-License-Identifier: ISC
#
# man-examples - every example of the man pages, as what it is: configuration is
# loaded, commands are run, units and xinetd files are used, leases are read.
# Each block must be known here by its first line; a new one fails until it is.
. tests/sys/lib.sh
need python3 busybox curl awk
private
wire 10.10.3.167/24
client ip addr add 10.10.3.9/24 dev c0
mkdir "$W/bin" "$W/x" "$W/etc" "$W/var"
for d in etc var; do
	mkdir "$W/$d/up" "$W/$d/work"
	mount -t overlay -o "lowerdir=/$d,upperdir=$W/$d/up,workdir=$W/$d/work" none /$d 2>/dev/null || {
		umount -l "$W/$d" 2>/dev/null || true
		mount -t tmpfs none "$W/$d"
		mkdir "$W/$d/up" "$W/$d/work"
		mount -t overlay -o "lowerdir=/$d,upperdir=$W/$d/up,workdir=$W/$d/work" none /$d ||
		    skip "no overlay file system here"
	}
done
PATH=$BUILD:$PATH
export PATH
rm -rf /etc/dhcp /etc/httpd /var/lib/dhcpd /var/lib/tftpboot /var/www
mkdir -p /etc/dhcp /etc/httpd/logs /var/lib/dhcpd /var/lib/tftpboot /var/www/html /var/www/ks
echo hello >/var/lib/tftpboot/f
echo hello >/var/www/html/f
grep -q '^apache:' /etc/passwd || echo 'apache:x:48:48::/:/bin/false' >>/etc/passwd
grep -q '^apache:' /etc/group || echo 'apache:x:48:' >>/etc/group
gone() { ! kill -0 "$1" 2>/dev/null; }
check_dhcp() { client busybox udhcpc -i c0 -n -q -f -t 5 -T 1 -s /bin/true 2>&1 | grep -q obtained; }
check() { [ "$(client curl -s --connect-timeout 5 "$1://10.10.3.167/f")" = hello ] || fail "$name: nothing by $1"; }

# --- blocks: x/PAGE-N with what stands in it, the escapes of the page undone
for page in man/*.[1-9]; do
	awk -v base="$W/x/${page##*/}" '
		/^\.Bd -literal/ { out = base "-" ++n; next }
		/^\.Dl / { print substr($0, 5) >(base "-" ++n); next }
		/^\.Ed/ { out = ""; next }
		out != "" { gsub(/\\e/, "\\"); gsub(/\\&/, ""); print >out }' "$page"
done

# conf FILE - a piece of dhcpd.conf; what it needs around it
conf() {
	{
		cat "$1"
		grep -q '^subnet 10.10.3.0' "$1" || echo 'subnet 10.10.3.0 netmask 255.255.255.0 { }'
	} >"$W/dhcpd.conf"
	dhcpd -t -cf "$W/dhcpd.conf" >"$W/out" 2>&1 || { cat "$W/out"; fail "$name"; }
	! grep -q 'line [0-9]*:' "$W/out" || { cat "$W/out"; fail "$name has warnings"; }
}

# start PORT COMMAND.. - in the background until stop
start() {
	what=$1
	shift
	sh -c "$*" >"$W/out" 2>&1 &
	pid=$!
	until_true 10 grep -q "$what" /proc/net/udp /proc/net/udp6 /proc/net/tcp /proc/net/tcp6 ||
	    { cat "$W/out"; fail "$name does not listen"; }
}
stop() {
	kill "$pid"
	until_true 10 gone "$pid" || fail "$name stays"
}

# end_tftpd - those that nobody here is the parent of
end_tftpd() {
	for p in /proc/[0-9]*; do
		[ "$(readlink "$p/exe")" != "$BUILD/in.tftpd" ] || kill "${p#/proc/}" 2>/dev/null || true
	done
}

ran=0
for file in "$W"/x/*; do
	name=${file##*/}
	first=$(head -n 1 "$file")
	case $name:$first in
	dhcp-eval.5-*:* | dhcp-options.5-*:*) conf "$file" ;;
	dhcpd.conf.5-*:authoritative* | dhcpd.conf.5-*:class*)
		conf "$file"
		cp "$W/dhcpd.conf" "/etc/dhcp/${first%% *}.conf"
		;;
	dhcpd.conf.5-*:'dhcpd -t -cf FILE' | dhcpd.conf.5-*:'dhcpd -lint -cf FILE')
		echo 'subnet 10.10.3.0 netmask 255.255.255.0 { }' >"$W/c"
		sh -c "$(sed "s|FILE|$W/c|" "$file")" >"$W/out" 2>&1 || { cat "$W/out"; fail "$name"; }
		;;
	dhcpd.conf.5-*:'dhcpd.conf line 12: '*)
		{ yes '' | head -n 11; echo 'max-lease-time 10z;'; } >"$W/dhcpd.conf"
		(cd "$W" && dhcpd -t -cf dhcpd.conf) >"$W/out" 2>&1 && fail "$name is no error"
		# the position is what the page shows: the file's name, the line, a caret
		sed 's|^.*/dhcpd.conf|dhcpd.conf|' "$W/out" | grep -v '^$' >"$W/said"
		while IFS= read -r line; do
			grep -q -x -F -e "$line" "$W/said" || { cat "$W/said"; fail "$name: not said: $line"; }
		done <"$file"
		;;
	dhcpd.leases.5-*:'lease '*)
		cp "$file" /var/lib/dhcpd/dhcpd.leases
		echo 'subnet 10.10.3.0 netmask 255.255.255.0 { range 10.10.3.100 10.10.3.110; }' >"$W/c"
		dhcpd -T -cf "$W/c" -lf /var/lib/dhcpd/dhcpd.leases >"$W/out" 2>&1 ||
		    { cat "$W/out"; fail "$name"; }
		! grep -i -e 'corrupt' -e 'line [0-9]' "$W/out" || fail "$name is not read without a word"
		;;
	dhcpd.leases.5-*:awk*)
		[ "$(sh "$file")" = '10.10.3.100 00:50:56:3b:f6:2b;' ] ||
		    { sh "$file"; fail "$name prints something else"; }
		;;
	dhcpd.8-*:'dhcpd -t -cf '*)
		cp /etc/dhcp/authoritative.conf /etc/dhcp/dhcpd.conf 2>/dev/null ||
		    echo 'subnet 10.10.3.0 netmask 255.255.255.0 { range 10.10.3.100 10.10.3.110; }' \
		    >/etc/dhcp/dhcpd.conf
		sh "$file" >"$W/out" 2>&1 || { cat "$W/out"; fail "$name"; }
		;;
	dhcpd.8-*:'dhcpd -d -4 '*)
		cp /etc/dhcp/dhcpd.conf "$W/dhcpd.conf"
		start ':0043 ' "cd $W && exec $(sed 's/eth1/s0/' "$file")"
		check_dhcp || { cat "$W/out"; fail "$name: no lease"; }
		stop
		;;
	dhcpd.8-*:'dhcpd -t && kill -HUP'*)
		dhcpd -q s0 || fail "$name: dhcpd"
		sh "$file" >"$W/out" 2>&1 || { cat "$W/out"; fail "$name"; }
		check_dhcp || fail "$name: no lease after it"
		pid=$(cat /var/run/dhcpd.pid)
		stop
		;;
	in.tftpd.8-*:'in.tftpd -l '*)
		sh "$file" || fail "$name"
		check tftp
		end_tftpd
		;;
	in.tftpd.8-*:'service tftp')
		command -v xinetd >/dev/null || { echo "SKIP $NAME: $name: no xinetd"; continue; }
		sed "s|/usr/sbin/|$BUILD/|" "$file" >"$W/xinetd.conf"
		start ":0045 " exec xinetd -dontfork -f "$W/xinetd.conf" -pidfile "$W/xpid"
		check tftp
		stop
		end_tftpd
		;;
	in.tftpd.8-*:'[Socket]')
		sed -n '/^\[Socket/,/^$/p' "$file" >"$W/tftp.socket"
		{
			sed -n '/^\[Service/,$p' "$file" | sed "s|/usr/sbin/|$BUILD/|"
			printf 'Type=notify\nWatchdogSec=9\n'
		} >"$W/tftp.service"
		until_true 5 sh -c '! grep -q ":0045 " /proc/net/udp /proc/net/udp6' || fail "$name: port 69 is taken"
		python3 tests/sys/service.py "$W/tftp.service" sh -c \
		    '[ "$(ip netns exec client curl -s tftp://10.10.3.167/f)" = hello ]' 2>"$W/err" ||
		    { cat "$W/err"; fail "$name"; }
		;;
	in.tftpd.8-*:'ri	'*)
		cp "$file" "$W/rules"
		mkdir -p /var/lib/tftpboot/tftpboot/dir
		echo hello >/var/lib/tftpboot/tftpboot/dir/f
		start ":0045 " exec in.tftpd -L --stderr --leases /var/lib/dhcpd/dhcpd.leases -m "$W/rules" \
		    -s /var/lib/tftpboot
		[ "$(client curl -s 'tftp://10.10.3.167/C:dir%5Cf')" = hello ] ||
		    { cat "$W/out"; fail "$name: C:dir\\f"; }
		client curl -s 'tftp://10.10.3.167/key.pvt' >/dev/null && fail "$name: key.pvt"
		stop
		;;
	httpd.conf.5-*:'ServerRoot '*)
		{ cat "$file"; printf 'ServerName x\nPidFile %s\n' "$W/httpd.pid"; } >/etc/httpd/my.conf
		httpd -t -f /etc/httpd/my.conf >"$W/out" 2>&1 || { cat "$W/out"; fail "$name"; }
		start ":0050 " exec httpd -DFOREGROUND -f /etc/httpd/my.conf
		check http
		stop
		until_true 5 grep -q 'GET /f' /etc/httpd/logs/access_log || fail "$name logs nothing"
		;;
	httpd.conf.5-*:'DhcpLeases '*)
		cat /etc/httpd/my.conf "$file" >/etc/httpd/two.conf
		httpd -t -f /etc/httpd/two.conf >"$W/out" 2>&1 || { cat "$W/out"; fail "$name"; }
		;;
	httpd.8-*:'$ httpd -DFOREGROUND'*)
		mkdir -p "$W/mine/logs"
		printf 'Listen 8099\nServerName x\nPidFile %s\nDocumentRoot /var/www/html\n' "$W/p" >"$W/mine/my.conf"
		start ':1FA3 ' "cd $W/mine && exec $(sed 's/^\$ //' "$file")"
		stop
		;;
	httpd.8-*:'$ httpd -t && httpd -S' | httpd.8-*:'# httpd -k graceful')
		mkdir -p /etc/httpd/conf
		printf 'Listen 8098\nServerName x\nPidFile %s\nDocumentRoot /var/www/html\n' "$W/p" \
		    >/etc/httpd/conf/httpd.conf
		sh -c "$(sed 's/^[$#] //' "$file")" >"$W/out" 2>&1 || { cat "$W/out"; fail "$name"; }
		[ ! -e "$W/p" ] || { pid=$(cat "$W/p"); stop; }
		;;
	*:'# dpkg-deb -x'* | *:'# apt-get install'* | *:'# dnf swap'*)
		continue ;;	# tests/package does these
	*)
		fail "$name: an example that nobody runs: $first" ;;
	esac
	ran=$((ran + 1))
done
[ $ran -ge 24 ] || fail "only $ran examples found"
pass "$ran examples of the man pages"
