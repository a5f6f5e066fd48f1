#!/bin/sh
# SPDX-License-Identifier: ISC
#
# deb - the Debian packages in a small Debian system without a service manager:
# over the genuine peers with their configuration and leases, back to those,
# removed and purged, while a client holds its lease.
. tests/package/lib.sh
need dhclient curl
ls dist/*.deb >/dev/null 2>&1 || skip "no packages in dist: make deb"
private
system
mount -t proc none "$R/proc"
mount --bind /dev "$R/dev"
wire 10.10.3.167/24
client ip addr add 10.10.3.9/24 dev c0

CONF=etc/dhcp/dhcpd.conf LEASES=var/lib/dhcp/dhcpd.leases
state() { chroot "$R" dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null || echo none; }
gone() { ! kill -0 "$1" 2>/dev/null; }

# lease WHO - the client asks for what it had and must get it
lease() {
	client dhclient -1 -q -sf /bin/true -cf "$W/dhclient.conf" -lf "$W/client.leases" \
	    -pf "$W/client.pid" c0 >"$W/out" 2>&1 || { cat "$W/out" "$W/log.$1"; fail "$1: no lease"; }
	until_true 5 test -s "$W/client.pid" || fail "dhclient writes no pid"
	kill "$(cat "$W/client.pid")"
	rm -f "$W/client.pid"
	now=$(sed -n 's/.*fixed-address \(.*\);/\1/p' "$W/client.leases" | tail -n 1)
	[ "$now" = "${had:=$now}" ] || fail "$1: the client had $had and got $now"
}

# dhcp WHO - the installed program serves the client, with the files as they are
dhcp() {
	chroot "$R" /usr/sbin/dhcpd -f -d -4 --no-pid -cf /$CONF s0 >"$W/log.$1" 2>&1 &
	pid=$!
	until_true 10 grep -q 'Server starting service' "$W/log.$1" ||
	    { cat "$W/log.$1"; fail "$1: dhcpd does not start"; }
	lease "$1"
	kill $pid
	until_true 10 gone $pid || fail "$1: dhcpd stays"
	grep -q "lease $had" "$R/$LEASES" || fail "$1: the lease is not in the file"
}
touch "$W/dhclient.conf"

# tftp WHO - started as the peer's init script does, from its defaults file
tftp() {
	chroot "$R" sh -c '. /etc/default/tftpd-hpa
		exec /usr/sbin/in.tftpd --foreground --user $TFTP_USERNAME --address $TFTP_ADDRESS \
		    $TFTP_OPTIONS $TFTP_DIRECTORY' >"$W/log.$1" 2>&1 &
	pid=$!
	until_true 10 grep -q ':0045 ' /proc/net/udp || { cat "$W/log.$1"; fail "$1: in.tftpd"; }
	[ "$(client curl -s tftp://10.10.3.167/f)" = hello ] || fail "$1: no file by TFTP"
	kill $pid
	until_true 10 gone $pid || fail "$1: in.tftpd stays"
}

# --- the peers, configured
must apt-get install -y --no-install-recommends isc-dhcp-server tftpd-hpa
cat >"$R/$CONF" <<-EOF
# what the administrator wrote
subnet 10.10.3.0 netmask 255.255.255.0 { range 10.10.3.100 10.10.3.200; }
EOF
echo 'INTERFACESv4="s0"' >"$R/etc/default/isc-dhcp-server"
printf 'lease 10.10.3.177 {\n  starts 4 2026/01/01 00:00:00;\n  ends never;\n' >"$R/$LEASES"
printf '  binding state active;\n  hardware ethernet 00:11:22:33:44:55;\n}\n' >>"$R/$LEASES"
echo hello >"$R/srv/tftp/f"
dhcp isc
tftp hpa
before=$(cksum <"$R/$CONF"; cksum <"$R/etc/default/isc-dhcp-server"; cksum <"$R/etc/default/tftpd-hpa")
same() {
	[ "$before" = "$(cksum <"$R/$CONF"; cksum <"$R/etc/default/isc-dhcp-server"
	    cksum <"$R/etc/default/tftpd-hpa")" ] || fail "$1: configuration changed"
	grep -q 'lease 10.10.3.177' "$R/$LEASES" || fail "$1: a lease is gone"
}

# --- ours over them; nothing may start here, even where policy-rc.d is silent
rm "$R/usr/sbin/policy-rc.d"
readme=$(sed -n 's/^    make deb && \(apt-get install [^ ]*\) .*/\1/p' README.md)
[ -n "$readme" ] || fail "README.md does not say how to install the packages"
mkdir "$R/try/dist"
mv "$R"/try/*.deb "$R/try/dist/"
must sh -c "cd /try && $readme -y"
must sh -c "cd /try && $(echo "$readme" | sed 's/dhcpd/tftpd/') -y"
[ "$(state isc-dhcp-server) $(state tftpd-hpa)" = 'config-files config-files' ] ||
    fail "the peers' packages are $(state isc-dhcp-server), $(state tftpd-hpa)"
! grep -q -e ':0043 ' -e ':0045 ' /proc/net/udp || fail "a package started its service in a chroot"
same "ours installed"
chroot "$R" dpkg --verify kickstand-dhcpd kickstand-tftpd >"$W/out" 2>&1
[ ! -s "$W/out" ] || { cat "$W/out"; fail "dpkg --verify"; }
[ -L "$R/etc/systemd/system/multi-user.target.wants/isc-dhcp-server.service" ] || fail "unit not enabled"
dhcp ours
grep -q Kickstand "$W/log.ours" || fail "that was not ours"
tftp ours
same "ours has run"
must sh -c 'apt-get install -y --reinstall --no-install-recommends /try/dist/kickstand-dhcpd_*.deb'
same "ours installed again"
pass "ours over the peers: configuration and leases kept, nothing started"

# --- back
printf '#!/bin/sh\nexit 101\n' >"$R/usr/sbin/policy-rc.d"
chmod 755 "$R/usr/sbin/policy-rc.d"
must apt-get install -y --no-install-recommends isc-dhcp-server tftpd-hpa
[ "$(state kickstand-dhcpd) $(state isc-dhcp-server)" = 'config-files installed' ] ||
    fail "ours is $(state kickstand-dhcpd), the peer $(state isc-dhcp-server)"
[ -z "$(find "$R/etc/systemd/system" -lname '*isc-dhcp-server*' -o -lname '*tftpd-hpa*' -o -lname /dev/null)" ] ||
    fail "links to our unit are left, or a mask"
same "the peers again"
dhcp isc-again
grep -q Internet "$W/log.isc-again" && ! grep -q Kickstand "$W/log.isc-again" || fail "that was not the peer"
tftp hpa-again
pass "back to the peers: the client has $had all the time"

# --- what is left of ours goes without taking what is the peers'
must dpkg --purge kickstand-dhcpd kickstand-tftpd
same "ours purged"
tftp hpa-purged
# --- ours alone: removed it keeps, purged it takes
must dpkg --purge isc-dhcp-server tftpd-hpa
must sh -c 'apt-get install -y --no-install-recommends /try/dist/kickstand-dhcpd_*.deb /try/dist/kickstand-tftpd_*.deb'
for f in $CONF etc/default/isc-dhcp-server etc/default/tftpd-hpa; do
	[ -s "$R/$f" ] || fail "$f is not made on a machine without the peer"
done
chroot "$R" getent passwd tftp >/dev/null || fail "no user tftp"
echo 'subnet 10.10.3.0 netmask 255.255.255.0 { range 10.10.3.100 10.10.3.200; }' >"$R/$CONF"
dhcp alone
must apt-get remove -y kickstand-dhcpd kickstand-tftpd
grep -q "lease $had" "$R/$LEASES" || fail "leases are gone when the package is removed"
[ -s "$R/$CONF" ] || fail "configuration is gone when the package is removed"
must dpkg --purge kickstand-dhcpd kickstand-tftpd
[ ! -e "$R/$LEASES" ] && [ ! -e "$R/$CONF" ] || fail "a purge leaves files"
pass "removed: leases and configuration kept; purged: gone, but for what is the peer's"
