#!/bin/sh
# SPDX-License-Identifier: ISC
#
# services.sh [remove] - install units, xinetd files, users and configuration;
# or remove all but the configuration and the directories.
#
# DISTRO=centos|debian  whose names and paths
# DESTDIR SYSCONFDIR SBINDIR UNITDIR SYSUSERSDIR TMPFILESDIR  where
#
# A file below SYSCONFDIR that exists is left alone, whatever is in it.
set -eu
: "${DISTRO:?}" "${SYSCONFDIR:?}" "${SBINDIR:?}" "${UNITDIR:?}" "${SYSUSERSDIR:?}" "${TMPFILESDIR:?}"
: "${DESTDIR:=}"
here=$(dirname "$0")
action=${1-install}

# fill FILE - with our paths, and with the lines that all units share
fill() {
	sed -e "/^@HARDENED@\$/{
		r $here/hardened
		d
	}" -e "s|@SBINDIR@|$SBINDIR|g" -e "s|@SYSCONFDIR@|$SYSCONFDIR|g" "$1"
}

# put FILE TARGET - replace the target
put() {
	if [ "$action" = remove ]; then
		rm -f "$DESTDIR$2"
		return
	fi
	mkdir -p "$DESTDIR${2%/*}"
	fill "$1" >"$DESTDIR$2.new"
	chmod 644 "$DESTDIR$2.new"
	mv "$DESTDIR$2.new" "$DESTDIR$2"
}

# keep FILE TARGET - below SYSCONFDIR, unless there is one
keep() {
	if [ -e "$DESTDIR$SYSCONFDIR/$2" ]; then
		echo "$SYSCONFDIR/$2 is there, kept"
	else
		put "$1" "$SYSCONFDIR/$2"
	fi
}

for d in dhcpd tftpd httpd; do
	s=$d/service/$DISTRO
	for unit in "$s"/*.service "$s"/*.socket; do
		[ ! -f "$unit" ] || put "$unit" "$UNITDIR/${unit##*/}"
	done
	[ ! -f "$s/sysusers" ] || put "$s/sysusers" "$SYSUSERSDIR/kickstand-$d.conf"
	put "$s/tmpfiles" "$TMPFILESDIR/kickstand-$d.conf"
done

if [ "$action" = remove ]; then
	rm -f "$DESTDIR$SBINDIR/apache2"
	exit 0
fi
keep dhcpd/service/dhcpd.conf dhcp/dhcpd.conf
keep dhcpd/service/xinetd xinetd.d/dhcpd
keep "tftpd/service/$DISTRO/xinetd" xinetd.d/tftp
keep httpd/service/xinetd xinetd.d/httpd
case $DISTRO in
centos)
	keep dhcpd/service/centos/sysconfig sysconfig/dhcpd
	keep httpd/service/centos/sysconfig sysconfig/httpd
	keep httpd/service/centos/logrotate logrotate.d/httpd
	keep httpd/example/httpd.conf httpd/conf/httpd.conf
	# The ServerRoot's own names for what lies elsewhere.
	mkdir -p "$DESTDIR/var/log/httpd" "$DESTDIR/var/www/html"
	for link in logs:../../var/log/httpd run:/run/httpd; do
		to=$DESTDIR$SYSCONFDIR/httpd/${link%%:*}
		[ -e "$to" ] || [ -L "$to" ] || ln -s "${link#*:}" "$to"
	done
	mkdir -p "$DESTDIR/var/lib/dhcpd" "$DESTDIR/var/lib/tftpboot"
	;;
debian)
	keep dhcpd/service/debian/default default/isc-dhcp-server
	keep dhcpd/service/debian/apparmor apparmor.d/dhcpd.d/kickstand
	keep tftpd/service/debian/default default/tftpd-hpa
	keep httpd/service/debian/logrotate logrotate.d/apache2
	keep httpd/service/debian/envvars apache2/envvars
	keep httpd/service/debian/apache2.conf apache2/apache2.conf
	mkdir -p "$DESTDIR/var/log/apache2" "$DESTDIR/var/www/html" "$DESTDIR/var/lib/dhcp" \
	    "$DESTDIR/srv/tftp"
	# Log rotation and automation look for a program of this name.
	ln -sf httpd "$DESTDIR$SBINDIR/apache2"
	;;
esac
