
peer=isc-dhcp-server
own_prepare() {
	# The profile that isc-dhcp-server leaves behind holds for ours too.
	profile=/etc/apparmor.d/usr.sbin.dhcpd
	if [ -f $profile ] && command -v aa-enabled >/dev/null && aa-enabled --quiet 2>/dev/null; then
		apparmor_parser -r -T -W $profile || true
	fi
}
own_purge() { rm -f /var/lib/dhcp/dhcpd.leases /var/lib/dhcp/dhcpd.leases~; }
