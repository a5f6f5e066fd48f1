#!/bin/sh
# SPDX-License-Identifier: ISC
# booted.sh - the part of boot.sh that runs in the system that was booted.
set -u

die() {
	echo "FAIL boot: $*"
	journalctl --no-pager -n 60
	exit 1
}
pass() { echo "ok   boot: $*"; }

until_true() {
	tries=$(($1 * 10))
	shift
	while ! "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.1
	done
}

# type_in FILE|COMMAND - say what is typed, then do it as a shell would
type_in() {
	echo "# $*"
	sh -c "$*" || die "$*: exit $?"
}
follow() {
	while read -r line; do
		type_in "$line" </dev/null
	done <"/root/guide/$1"
}

client() { timeout 30 ip netns exec client "$@"; }
# Each service as its client sees it; the lease is the one that it had.
dhcp() {
	client dhclient -1 -q -sf /bin/true -cf /dev/null -lf /root/client.leases \
	    -pf /root/client.pid c0 || die "$1: no lease"
	until_true 5 test -s /root/client.pid
	kill "$(cat /root/client.pid)"
	rm -f /root/client.pid
	now=$(sed -n 's/.*fixed-address \(.*\);/\1/p' /root/client.leases | tail -n 1)
	[ "$now" = "${had:=$now}" ] || die "$1: the client had $had and got $now"
}
tftp() { [ "$(client curl -s --connect-timeout 5 tftp://10.10.3.167/f)" = hello ] || die "$1: no file by TFTP"; }
http() { [ "$(client curl -s --connect-timeout 5 http://10.10.3.167/f)" = hello ] || die "$1: no file by HTTP"; }
all() {
	dhcp "$1"
	tftp "$1"
	http "$1"
	pass "$1: $had, a file by TFTP and one by HTTP"
}
runs() { readlink "/proc/$(systemctl show -p MainPID --value "$1")/exe"; }
active() { systemctl is-active -q "$1"; }
counter() { systemctl show -p NRestarts --value "$1"; }
alive_again() { [ "$(counter "$1")" -gt "$2" ] && active "$1"; }

# exercise UNIT - ready, reloaded, killed, hung: and there again
exercise() {
	[ "$(systemctl show -p Type --value "$1")" = notify ] || die "$1: not Type=notify"
	active "$1" || die "$1: not active"
	pid=$(systemctl show -p MainPID --value "$1")
	case $1 in
	tftp.service) ;;
	*)
		systemctl reload "$1" || die "$1: reload"
		[ "$(systemctl show -p MainPID --value "$1")" = "$pid" ] || die "$1: a reload restarts"
		;;
	esac
	before=$(counter "$1")
	kill -KILL "$pid"
	until_true 20 alive_again "$1" "$before" || die "$1: not started again after a kill"
	# a watchdog of 2 s for this once
	mkdir -p "/run/systemd/system/$1.d"
	printf '[Service]\nWatchdogSec=2\nTimeoutAbortSec=2\n' >"/run/systemd/system/$1.d/watchdog.conf"
	systemctl daemon-reload
	systemctl restart "$1" || die "$1: restart"
	sleep 3
	[ "$(counter "$1")" = 0 ] || [ "$(counter "$1")" = "$before" ] || die "$1: the watchdog is not fed"
	before=$(counter "$1")
	kill -STOP "$(systemctl show -p MainPID --value "$1")"
	until_true 20 alive_again "$1" "$before" || die "$1: hangs, and nobody noticed"
	rm -r "/run/systemd/system/$1.d"
	systemctl daemon-reload
	systemctl restart "$1" || die "$1: restart"
	pass "$1: notify, reload, kill, watchdog, restart"
}

ip link set lo up
ip netns add client
ip link add s0 type veth peer name c0 netns client
ip addr add 10.10.3.167/24 dev s0
ip link set s0 up
ip -n client link set c0 address 00:50:56:3b:f6:2b up
ip -n client addr add 10.10.3.9/24 dev c0

# --- an installation server as there are many
type_in "apt-get -q install isc-dhcp-server tftpd-hpa apache2"
echo 'subnet 10.10.3.0 netmask 255.255.255.0 { range 10.10.3.100 10.10.3.200; }' >/etc/dhcp/dhcpd.conf
echo 'INTERFACESv4="s0"' >/etc/default/isc-dhcp-server
echo hello >/srv/tftp/f
echo hello >/var/www/html/f
type_in "systemctl restart isc-dhcp-server tftpd-hpa apache2"
all "genuine"

# --- the guides there
for g in dhcpd tftpd httpd; do follow $g; done
all "ours"
for unit in isc-dhcp-server tftpd-hpa apache2; do
	case $(runs $unit) in
	/usr/sbin/dhcpd | /usr/sbin/in.tftpd | /usr/sbin/httpd) ;;
	*) die "$unit runs $(runs $unit)" ;;
	esac
	systemctl is-enabled -q $unit || die "$unit is not enabled"
	exercise $unit.service
done
all "ours, restarted"
grep -q "lease $had" /var/lib/dhcp/dhcpd.leases || die "leases are elsewhere"
echo nonsense >>/etc/dhcp/dhcpd.conf
! systemctl reload isc-dhcp-server 2>/dev/null || die "a bad dhcpd.conf is reloaded"
sed -i '/nonsense/d' /etc/dhcp/dhcpd.conf
echo Nonsense >>/etc/apache2/apache2.conf
! systemctl reload apache2 2>/dev/null || die "a bad apache2.conf is reloaded"
sed -i '/Nonsense/d' /etc/apache2/apache2.conf
all "ours, after bad configurations"
logrotate=$(sed -n '/postrotate/,/endscript/{/^[[:space:]]*\(postrotate\|endscript\)/d; p}' \
    /etc/logrotate.d/apache2)
mv /var/log/apache2/access.log /var/log/apache2/access.log.1
sh -c "$logrotate"
until_true 5 test -e /var/log/apache2/access.log || die "Debian's log rotation does not reach ours"

# --- and back
for g in dhcpd tftpd httpd; do follow $g.back; done
all "genuine again"
for program in /usr/sbin/dhcpd /usr/sbin/in.tftpd /usr/sbin/apache2; do
	! $program --version 2>&1 | grep -q Kickstand || die "$program is still ours"
done

# --- CentOS's units, as make install leaves them
type_in "systemctl stop isc-dhcp-server tftpd-hpa apache2"
ports_free() { ! ss -Hlun | grep -q -e ':67 ' -e ':69 '; }
until_true 10 ports_free || die "the peers' daemons stay"
(cd /root/tree && DISTRO=centos SYSCONFDIR=/etc SBINDIR=/usr/sbin \
    UNITDIR=/usr/lib/systemd/system SYSUSERSDIR=/usr/lib/sysusers.d \
    TMPFILESDIR=/usr/lib/tmpfiles.d sh common/package/services.sh) || die "services.sh"
cp /root/bin/* /usr/sbin/ || die "programs in use"
systemctl daemon-reload
systemd-sysusers || die "systemd-sysusers"
systemd-tmpfiles --create || true
mkdir -p /var/lib/tftpboot
cp /srv/tftp/f /var/lib/tftpboot/
cp /var/lib/dhcp/dhcpd.leases /var/lib/dhcpd/
type_in "systemctl start dhcpd tftp.socket httpd"
all "CentOS's units"
for unit in dhcpd tftp httpd; do
	exercise $unit.service
done
all "CentOS's units, restarted"
[ "$(ps -o user= -p "$(systemctl show -p MainPID --value dhcpd)")" = dhcpd ] || die "dhcpd is not its user"
echo done
