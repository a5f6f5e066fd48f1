#!/bin/sh
# SPDX-License-Identifier: ISC
#
# service - what make install puts on a machine, used as it is there: units
# (checked by systemd's own tools, run with a supervisor's environment, and
# socket-activated), xinetd files (by a real xinetd) and configuration.  An
# overlay on /etc, /usr and /var keeps the machine as it was.
. tests/sys/lib.sh
need python3 busybox curl
private
wire 10.10.3.167/24
client ip addr add 10.10.3.9/24 dev c0
mkdir "$W/bin"
cp "$BUILD/dhcpd" "$BUILD/in.tftpd" "$BUILD/httpd" "$W/bin"

# installed DISTRO - the machine after make install
installed() {
	for dir in etc usr var; do
		! mountpoint -q "$W/$dir" || umount -l /$dir "$W/$dir"
		mkdir -p "$W/$dir"
		mount -t tmpfs none "$W/$dir"
		mkdir "$W/$dir/up" "$W/$dir/work"
		mount -t overlay -o "lowerdir=/$dir,upperdir=$W/$dir/up,workdir=$W/$dir/work" \
		    none /$dir 2>/dev/null || skip "no overlay file system here"
	done
	# the peers' own files are not there
	rm -rf /etc/dhcp /etc/default/isc-dhcp-server /etc/default/tftpd-hpa /etc/apache2 \
	    /etc/logrotate.d/apache2 /etc/xinetd.d /etc/httpd
	cp "$W/bin/"* /usr/sbin
	DISTRO=$1 SYSCONFDIR=/etc SBINDIR=/usr/sbin UNITDIR=/usr/lib/systemd/system \
	    SYSUSERSDIR=/usr/lib/sysusers.d TMPFILESDIR=/usr/lib/tmpfiles.d \
	    sh common/package/services.sh >"$W/out" || fail "$1: services.sh"
	for conf in /usr/lib/sysusers.d/kickstand-*.conf; do
		systemd-sysusers "$conf" >"$W/out" 2>&1 || { cat "$W/out"; fail "$conf"; }
	done
	systemd-tmpfiles --create /usr/lib/tmpfiles.d/kickstand-*.conf ||
	    fail "$1: systemd-tmpfiles"
}

# What an administrator adds to the files as they are.
configure() {
	cat >/etc/dhcp/dhcpd.conf <<-EOF
	subnet 10.10.3.0 netmask 255.255.255.0 { range 10.10.3.100 10.10.3.110; }
	EOF
	for root in /var/lib/tftpboot /srv/tftp /var/www/html; do
		[ ! -d $root ] || echo hello >$root/f
	done
}

gone() { ! kill -0 "$1" 2>/dev/null; }

# --- checks, by the client
check_dhcp() { client busybox udhcpc -i c0 -n -q -f -t 5 -T 1 -s /bin/true 2>&1 | grep -q obtained; }
check_tftp() { [ "$(client curl -s --connect-timeout 5 tftp://10.10.3.167/f)" = hello ]; }
check_http() { [ "$(client curl -s --connect-timeout 5 http://10.10.3.167/f)" = hello ]; }
cat >"$W/check" <<'EOF'
#!/bin/sh
case $1 in
dhcp) timeout 20 ip netns exec client busybox udhcpc -i c0 -n -q -f -t 5 -T 1 -s /bin/true 2>&1 |
    grep -q obtained ;;
*) [ "$(timeout 20 ip netns exec client curl -s --connect-timeout 5 $1://10.10.3.167/f)" = hello ] ;;
esac
EOF
chmod 755 "$W/check"

# units DISTRO UNIT... - systemd's opinion; the score is 0 (best) to 10
units() {
	distro=$1
	shift
	installed "$distro"
	command -v systemd-analyze >/dev/null || { echo "SKIP $NAME: no systemd-analyze"; return 0; }
	for unit; do
		systemd-analyze verify --man=no "/usr/lib/systemd/system/$unit" >"$W/out" 2>&1
		! grep -F -e "$unit" -e kickstand "$W/out" || fail "systemd-analyze verify $unit"
		case $unit in *.socket) continue ;; esac
		systemd-analyze security --offline=yes --threshold=38 "/usr/lib/systemd/system/$unit" \
		    >"$W/out" 2>&1 || { tail -n 1 "$W/out"; fail "$unit is exposed more than 3.8"; }
		pass "$distro: $(tail -n 1 "$W/out" | sed 's/^[^O]*//; s/ [A-Z]* *[^ ]*$//')"
	done
}

units debian isc-dhcp-server.service tftpd-hpa.service apache2.service
sh -n /etc/apache2/envvars || fail "envvars"
# Debian's profile for a program of this path, which stays when the peer goes
if command -v apparmor_parser >/dev/null && [ -f /etc/apparmor.d/usr.sbin.dhcpd ]; then
	mkdir -p /etc/apparmor.d/local
	: >>/etc/apparmor.d/local/usr.sbin.dhcpd
	apparmor_parser -Q -K -p /etc/apparmor.d/usr.sbin.dhcpd >"$W/out" 2>"$W/err" ||
	    { cat "$W/err"; fail "AppArmor profile"; }
	apparmor_parser -Q -K /etc/apparmor.d/usr.sbin.dhcpd 2>"$W/err" ||
	    { cat "$W/err"; fail "AppArmor profile"; }
	grep -q systemd/notify "$W/out" || fail "the AppArmor profile does not include ours"
	pass "debian: AppArmor profile with what ours needs"
else
	echo "SKIP $NAME: no apparmor_parser, or no profile of isc-dhcp-server"
fi
units centos dhcpd.service tftp.service tftp.socket httpd.service

# --- each unit's own command lines under a supervisor
configure
for unit in dhcpd:dhcp tftp:tftp httpd:http; do
	python3 tests/sys/service.py "/usr/lib/systemd/system/${unit%:*}.service" \
	    "$W/check" "${unit#*:}" 2>"$W/err" || { tail -n 20 "$W/err"; fail "$unit"; }
done
[ "$(stat -c %U /var/lib/dhcpd/dhcpd.leases)" = dhcpd ] || fail "the lease file is not its user's"
echo 'DHCPDARGS="-lf /var/lib/dhcpd/other.leases s0"' >/etc/sysconfig/dhcpd
python3 tests/sys/service.py /usr/lib/systemd/system/dhcpd.service "$W/check" dhcp 2>"$W/err" ||
    { cat "$W/err"; fail "with DHCPDARGS"; }
grep -q '^lease' /var/lib/dhcpd/other.leases || fail "DHCPDARGS is not honoured"
pass "DHCPDARGS of sysconfig"

# in.tftpd in a chroot, with both of -L and -l as Debian's variables may have it
sed 's/^ExecStart=.*/ExecStart=\/usr\/sbin\/in.tftpd --foreground --address :69 -l -s \/var\/lib\/tftpboot/
	/^StandardInput/d' /usr/lib/systemd/system/tftp.service >"$W/alone.service"
python3 tests/sys/service.py "$W/alone.service" "$W/check" tftp || fail "in.tftpd -L -l"

# --- socket activation
if command -v systemd-socket-activate >/dev/null; then
	# shellcheck disable=SC2016 # systemd's variable
	httpd_line=$(sed -n 's/\$OPTIONS//; s/^ExecStart=//p' /usr/lib/systemd/system/httpd.service)
	# shellcheck disable=SC2086 # a command line
	systemd-socket-activate -l 80 $httpd_line >"$W/out" 2>&1 &
	s=$!
	until_true 5 grep -q ':0050 ' /proc/net/tcp6 || fail "nobody listens on 80"
	check_http || { cat "$W/out" /var/log/httpd/error_log; fail "httpd, socket-activated"; }
	kill $s
	until_true 5 gone $s || fail "httpd, socket-activated, stays"
	echo 'DHCPDARGS=' >/etc/sysconfig/dhcpd
	systemd-socket-activate -d -l 0.0.0.0:67 /usr/sbin/dhcpd -cf /etc/dhcp/dhcpd.conf \
	    --no-pid >/dev/null 2>&1 &
	s=$!
	until_true 5 grep -q ':0043 ' /proc/net/udp || fail "nobody listens on 67"
	check_dhcp || fail "dhcpd, socket-activated"
	kill $s
	until_true 5 gone $s || fail "dhcpd, socket-activated, stays"
	pass "socket activation: httpd, dhcpd"
else
	echo "SKIP $NAME: no systemd-socket-activate"
fi

# --- the xinetd files, switched on
if command -v xinetd >/dev/null; then
	sed -i 's/\(disable.*= \)yes/\1no/' /etc/xinetd.d/*
	printf 'defaults\n{\n}\nincludedir /etc/xinetd.d\n' >/etc/xinetd.conf
	xinetd -dontfork -f /etc/xinetd.conf -pidfile "$W/xpid" >"$W/out" 2>&1 &
	x=$!
	until_true 5 grep -q ':0045 ' /proc/net/udp || { cat "$W/out"; fail "xinetd does not listen"; }
	check_tftp || fail "in.tftpd under xinetd"
	check_http || fail "httpd under xinetd"
	check_http || fail "httpd under xinetd, second"
	check_dhcp || fail "dhcpd under xinetd"
	kill $x
	until_true 5 gone $x || fail "xinetd stays"
	pass "xinetd with the three files as shipped"
else
	echo "SKIP $NAME: no xinetd"
fi

# --- a second install leaves configuration alone; logs rotate
configured() {
	find /etc/dhcp /etc/httpd /etc/sysconfig /etc/xinetd.d /etc/logrotate.d -type f -exec cksum {} +
}
before=$(configured)
DISTRO=centos SYSCONFDIR=/etc SBINDIR=/usr/sbin UNITDIR=/usr/lib/systemd/system \
    SYSUSERSDIR=/usr/lib/sysusers.d TMPFILESDIR=/usr/lib/tmpfiles.d \
    sh common/package/services.sh >"$W/out"
[ "$before" = "$(configured)" ] || fail "a second install changed configuration"
pass "a second install keeps what is configured"

if command -v logrotate >/dev/null; then
	systemd-tmpfiles --create /usr/lib/tmpfiles.d/kickstand-httpd.conf
	/usr/sbin/httpd -k start || fail "httpd -k start"
	check_http || fail "httpd by hand"
	chmod 644 /etc/logrotate.d/httpd
	printf 'rotate 4\ncreate\ninclude /etc/logrotate.d/httpd\n' >"$W/rotate.conf"
	logrotate -f -s "$W/state" "$W/rotate.conf" >"$W/out" 2>&1 || { cat "$W/out"; fail logrotate; }
	until_true 5 test -e /var/log/httpd/access_log || fail "logs are not opened again"
	# Workers of before may still take a request; it goes to the old log.
	logged() { check_http && grep -q 'GET /f' /var/log/httpd/access_log; }
	until_true 10 logged || fail "the new log stays empty"
	grep -q 'GET /f' /var/log/httpd/access_log.1 || fail "the old log is gone"
	/usr/sbin/httpd -k stop
	pass "logrotate: httpd reopens its logs"
else
	echo "SKIP $NAME: no logrotate"
fi

# --- README.md's own line, and back
line=$(sed -n 's/^    \(make && \)sudo \(make install\) .*/\1\2/p' README.md)
[ -n "$line" ] || fail "README.md does not say how to install"
if command -v make >/dev/null && command -v cc >/dev/null; then
	unset MAKEFLAGS MAKELEVEL MAKEOVERRIDES VARIANT DISTRO
	rm -f /usr/sbin/dhcpd /usr/sbin/in.tftpd /usr/sbin/httpd
	sh -c "$line" >"$W/out" 2>&1 || { tail -n 20 "$W/out"; fail "$line"; }
	for program in dhcpd in.tftpd httpd; do
		[ -x /usr/sbin/$program ] || fail "$line: no $program"
	done
	[ -f /usr/share/man/man8/dhcpd.8 ] && [ -f /usr/share/doc/kickstand/README.md ] ||
	    fail "$line: no pages"
	[ "$before" = "$(configured)" ] || fail "$line changed configuration"
	make uninstall >"$W/out" 2>&1 || { tail -n 20 "$W/out"; fail "make uninstall"; }
	left=$(find /usr -newer "$W/check" -path '*kickstand*' ! -type d 2>/dev/null
	    ls /usr/sbin/dhcpd /usr/sbin/in.tftpd /usr/sbin/httpd /usr/lib/systemd/system/dhcpd.service \
	    /usr/lib/systemd/system/tftp.* /usr/lib/systemd/system/httpd.service 2>/dev/null || true)
	[ -z "$left" ] || { echo "$left"; fail "make uninstall leaves files"; }
	[ -f /etc/dhcp/dhcpd.conf ] || fail "make uninstall takes configuration"
	pass "$line; make uninstall"
else
	echo "SKIP $NAME: no compiler or no make"
fi
