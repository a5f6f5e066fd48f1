#!/bin/sh
# SPDX-License-Identifier: ISC
#
# rpm - the rpm packages in a root of their own: "dnf swap" as the man pages
# have it, from packages in the form of CentOS's dhcp-server, tftp-server and
# httpd, and back; configuration and leases in both directions; rpm alone:
# install, verify, upgrade, erase.
. tests/package/lib.sh
need rpmbuild rpm dnf createrepo_c
[ -x /usr/sbin/dhcpd ] && [ -x /usr/sbin/in.tftpd ] || skip "no genuine dhcpd and in.tftpd here"
ls dist/*.rpm >/dev/null 2>&1 || skip "no packages in dist: make rpm"
private
system
mount -t proc none "$R/proc"
mount --bind /dev "$R/dev"
wire 10.10.3.167/24
mkdir "$R/try/new" "$W/peers" "$W/db"
cp dist/*.rpm "$R/try/new/"
cp -a tests/package/peers.spec "$W/"

# --- the peers' programs in packages whose files are those of CentOS's
requires=$(for p in dist/*.rpm; do rpm -qpR "$p" 2>/dev/null; done | sort -u | grep -v '^rpmlib\|^config(' |
    tr '\n' ',' | sed 's/,$//; s/,/, /g')
rpmbuild --quiet --define "_topdir $W/rpm" --define "base_provides $requires" -bb "$W/peers.spec" \
    >"$W/log" 2>&1 || { tail -n 20 "$W/log"; fail "the peers' packages"; }
cp "$W"/rpm/RPMS/*/*.rpm "$W/peers/"
createrepo_c -q "$W/peers" >"$W/log" 2>&1 || fail createrepo_c
mkdir -p "$R/try/repos"

d() {
	(cd "$R/try/new" && dnf -q -y --installroot="$R" --releasever=8 --disablerepo='*' \
	    --setopt=reposdir="$R/try/repos" --setopt=cachedir="$W/cache" --setopt=gpgcheck=0 \
	    --repofrompath="peers,$W/peers" --enablerepo=peers --nogpgcheck "$@") >"$W/log" 2>&1 ||
	    { tail -n 30 "$W/log"; fail "dnf $*"; }
}
q() { rpm --root "$R" "$@"; }
owner() { q -qf --qf '%{NAME}\n' "$1" 2>/dev/null | sort | tr '\n' ' '; }
gone() { ! kill -0 "$1" 2>/dev/null; }

# lease WHO - the server of the package serves a client, which gets what it had
lease() {
	mkdir -p "$R/dev/shm"
	chroot "$R" /usr/sbin/dhcpd -f -d -4 --no-pid -cf /etc/dhcp/dhcpd.conf \
	    -lf /var/lib/dhcpd/dhcpd.leases s0 >"$W/log" 2>&1 &
	pid=$!
	until_true 10 grep -q 'Server starting service' "$W/log" || { cat "$W/log"; fail "$1: dhcpd"; }
	client busybox udhcpc -i c0 -n -q -f -t 5 -T 1 -s /bin/true ${had:+-r "$had"} >"$W/out" 2>&1 ||
	    { cat "$W/out" "$W/log"; fail "$1: no lease"; }
	now=$(sed -n 's/.*lease of \([0-9.]*\) obtained.*/\1/p' "$W/out")
	[ "$now" = "${had:=$now}" ] || fail "$1: the client had $had and got $now"
	kill $pid
	until_true 10 gone $pid || fail "$1: dhcpd stays"
}

# same WHEN - what the administrator and the server wrote is there, as it was
before=
same() {
	now=$(cd "$R/etc" && cksum dhcp/dhcpd.conf xinetd.d/tftp httpd/conf/httpd.conf sysconfig/dhcpd)
	[ "$now" = "${before:=$now}" ] || fail "$1: configuration changed"
	grep -q 'lease 10.10.3.177' "$R/var/lib/dhcpd/dhcpd.leases" || fail "$1: a lease is gone"
	! find "$R/etc" "$R/var/lib/dhcpd" -name '*.rpmsave' -o -name '*.rpmorig' | grep . ||
	    fail "$1: files were set aside"
}

# A service manager that only remembers: NAME.enabled, NAME.active
mkdir -p "$R/run/systemd/system" "$R/try/units"
rm "$R/usr/bin/systemctl"
cat >"$R/usr/bin/systemctl" <<-'EOF'
#!/bin/sh
for last; do :; done
unit=/try/units/$last
case $* in
*is-enabled*) [ -e "$unit.enabled" ] ;;
*is-active*) [ -e "$unit.active" ] ;;
*disable*) rm -f "$unit.enabled" "$unit.active" ;;
*enable*) : >"$unit.enabled" ;;
*daemon-reload* | *try-restart*) ;;
*start*) : >"$unit.active" ;;
esac
EOF
chmod 755 "$R/usr/bin/systemctl"
# running WHEN - are all enabled and active?
running() {
	for unit in dhcpd.service tftp.socket httpd.service; do
		[ -e "$R/try/units/$unit.enabled" ] && [ -e "$R/try/units/$unit.active" ] ||
		    fail "$1: $unit was left stopped or disabled"
	done
}

d install base dhcp-server tftp-server httpd
echo 'subnet 10.10.3.0 netmask 255.255.255.0 { range 10.10.3.100 10.10.3.200; }' >"$R/etc/dhcp/dhcpd.conf"
printf 'lease 10.10.3.177 {\n  starts 4 2026/01/01 00:00:00;\n  ends never;\n' >"$R/var/lib/dhcpd/dhcpd.leases"
printf '  binding state active;\n  hardware ethernet 00:11:22:33:44:55;\n}\n' >>"$R/var/lib/dhcpd/dhcpd.leases"
sed -i 's/disable.*/disable = no/' "$R/etc/xinetd.d/tftp"
echo 'Listen 8080' >>"$R/etc/httpd/conf/httpd.conf"
echo 'DHCPDARGS="s0"' >"$R/etc/sysconfig/dhcpd"
for unit in dhcpd.service tftp.socket httpd.service; do
	: >"$R/try/units/$unit.enabled"
	: >"$R/try/units/$unit.active"
done
same "set up"
lease "the peer"

# --- the commands of the man pages, without their # and with dnf as above
for page in dhcpd in.tftpd httpd; do
	sed -n 's/^# dnf //p' "man/$page.8" >"$W/guide"
	[ "$(wc -l <"$W/guide")" = 2 ] || fail "$page.8 has no two dnf commands"
	# shellcheck disable=SC2046 # words
	d $(cd "$R/try/new" && eval echo $(sed -n 1p "$W/guide"))
done
same "ours"
running "ours"
[ "$(owner /usr/sbin/dhcpd)$(owner /usr/sbin/in.tftpd)$(owner /usr/sbin/httpd)" = \
    'kickstand-dhcpd kickstand-tftpd kickstand-httpd ' ] || fail "ours are not in place"
! q -q dhcp-server tftp-server httpd >/dev/null || fail "a peer is still there"
lease ours
"$R/usr/sbin/dhcpd" --version 2>&1 | grep -q Kickstand || fail "not our dhcpd"
bad=$(q -V kickstand-dhcpd kickstand-tftpd kickstand-httpd | grep -v ' c /' || true)
[ -z "$bad" ] || { echo "$bad"; fail "rpm -V"; }
pass "dnf swap to ours: configuration and leases kept, rpm -V content"

for page in dhcpd in.tftpd httpd; do
	# shellcheck disable=SC2046 # words
	d $(sed -n 's/^# dnf //p' "man/$page.8" | sed -n 2p)
done
same "the peers again"
running "the peers again"
[ "$(owner /usr/sbin/dhcpd)" = 'dhcp-server ' ] || fail "the peer is not in place"
lease "the peer again"
pass "dnf swap back: the client has $had all the time"

# --- rpm alone
d remove dhcp-server tftp-server httpd
find "$R/etc" "$R/var" -name '*.rpmsave' -exec rm {} +
! q --test -i "$R"/try/new/kickstand-dhcpd-*.rpm "$W"/peers/dhcp-server-*.rpm 2>"$W/out" ||
    fail "ours and the peer install together"
grep -q conflict "$W/out" || { cat "$W/out"; fail "and not because of a conflict"; }
q -i "$R"/try/new/kickstand-*.rpm 2>"$W/err" || { cat "$W/err"; fail "rpm -i"; }
# Debian's rpm has two lines of its own
grep -v -e 'use Alien' -e 'However assuming' "$W/err" >"$W/out" || true
[ ! -s "$W/out" ] || { cat "$W/out"; fail "rpm -i says something"; }
chroot "$R" getent passwd dhcpd apache >/dev/null || fail "no users"
[ "$(chroot "$R" stat -c %U /var/lib/dhcpd)" = dhcpd ] || fail "whose is /var/lib/dhcpd?"
echo 'subnet 10.10.3.0 netmask 255.255.255.0 { range 10.10.3.100 10.10.3.200; }' >"$R/etc/dhcp/dhcpd.conf"
had=
lease "ours, alone"
q -U --force "$R"/try/new/kickstand-*.rpm 2>/dev/null || fail "rpm -U over itself"
grep -q "lease $had" "$R/var/lib/dhcpd/dhcpd.leases" || fail "leases are gone after an upgrade"
grep -q '^subnet' "$R/etc/dhcp/dhcpd.conf" || fail "configuration is gone after an upgrade"
q -e kickstand-dhcpd kickstand-tftpd kickstand-httpd 2>"$W/out" || { cat "$W/out"; fail "rpm -e"; }
grep -q "lease $had" "$R"/var/lib/dhcpd/dhcpd.leases* || fail "leases are gone when the package is erased"
grep -q '^subnet' "$R"/etc/dhcp/dhcpd.conf* || fail "configuration is gone when the package is erased"
q -i "$R"/try/new/kickstand-dhcpd-*.rpm 2>/dev/null || fail "rpm -i, again"
grep -q "lease $had" "$R/var/lib/dhcpd/dhcpd.leases" || fail "leases do not come back with the package"
[ ! -e "$R/try/units/dhcpd.service.active" ] || fail "erased, and still running"
pass "rpm: install, verify, upgrade, erase, install"
