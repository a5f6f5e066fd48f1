#!/bin/sh
# SPDX-License-Identifier: ISC
#
# boot - a Debian system boots with systemd as its first process, and the guides
# of the man pages are followed there, word by word: genuine peers, ours, the
# peers, with a client that holds its lease.  Then CentOS's units.  What was
# typed and said is in build/package/transcript.
. tests/package/lib.sh
need systemd-nspawn
ls dist/*.deb >/dev/null 2>&1 || skip "no packages in dist: make deb"
private
system

# guide PAGE SECTION N - the N-th block of commands in that section
guide() {
	awk -v section=".Ss $2" -v n="$3" '
		/^\.S[sh]/ { inside = $0 == section }
		inside && /^\.Bd/ { block++; next }
		/^\.Ed/ { next }
		inside && block == n && /^# / { print substr($0, 3) }' "man/$1"
}
mkdir "$R/try/guide"
guide dhcpd.8 'From ISC dhcpd and back' 1 >"$R/try/guide/dhcpd"
guide dhcpd.8 'From ISC dhcpd and back' 2 >"$R/try/guide/dhcpd.back"
guide in.tftpd.8 'From tftp-hpa and back' 1 | sed '/install tftpd-hpa/,$d' >"$R/try/guide/tftpd"
guide in.tftpd.8 'From tftp-hpa and back' 1 | sed -n '/install tftpd-hpa/,$p' >"$R/try/guide/tftpd.back"
guide httpd.8 'From Apache and back' 1 >"$R/try/guide/httpd"
guide httpd.8 'From Apache and back' 2 >"$R/try/guide/httpd.back"
for f in "$R"/try/guide/*; do
	[ -s "$f" ] || fail "the guide $(basename "$f") is empty"
done

cp tests/package/booted "$R/try/"
mkdir "$R/try/tree" "$R/try/bin"
tar -cf - common/package dhcpd/service tftpd/service httpd/service httpd/example |
    tar -xf - -C "$R/try/tree"
cp "$BUILD/dhcpd" "$BUILD/in.tftpd" "$BUILD/httpd" "$R/try/bin/"
rm -f "$R/usr/sbin/policy-rc.d"
printf 'APT::Get::Assume-Yes "true";\nAPT::Install-Recommends "false";\n' >"$R/etc/apt/apt.conf.d/99test"
cat >"$R/etc/systemd/system/booted.service" <<-EOF
[Service]
Type=exec
Environment=DEBIAN_FRONTEND=noninteractive HOME=/root
WorkingDirectory=/try
ExecStart=/bin/sh /try/booted
ExecStopPost=/bin/systemctl --no-block poweroff
StandardOutput=file:/try/transcript
StandardError=inherit
[Install]
WantedBy=multi-user.target
EOF
chroot "$R" systemctl -q enable booted.service
timeout 500 systemd-nspawn -q --register=no --keep-unit --private-network --link-journal=no \
    -D "$R" --boot >"$W/console" 2>&1 </dev/null || {
	[ -s "$R/try/transcript" ] || {
		tail -n 5 "$W/console"
		skip "systemd-nspawn cannot boot here"
	}
}
[ -f "$R/try/transcript" ] || { tail -n 20 "$W/console"; fail "booted, and ran nothing"; }
cp "$R/try/transcript" "$CACHE/transcript"
grep '^ok ' "$CACHE/transcript"
grep -q '^that is all$' "$CACHE/transcript" || { tail -n 60 "$CACHE/transcript"; fail "see $CACHE/transcript"; }
