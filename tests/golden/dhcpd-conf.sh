#!/bin/sh
# SPDX-License-Identifier: ISC
#
# dhcpd -t on every sample of tests/golden/dhcpd-conf: exit status and standard
# error as the peer's, but for the banner and the text behind a fatal error, which
# are our own, and for the files that DIFFERENCES names.
set -u
dhcpd=$(cd "${BUILD:-build}" && pwd)/dhcpd
[ -x "$dhcpd" ] || { echo "SKIP no dhcpd in ${BUILD:-build}"; exit 77; }
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
cd tests/golden/dhcpd-conf || exit 1

# The peer's paths, which a few records show.
PATH_DHCPD_DB=/var/lib/dhcp/dhcpd.leases PATH_DHCPD_PID=/var/run/dhcpd.pid
PATH_DHCPD6_DB=/var/lib/dhcp/dhcpd6.leases PATH_DHCPD6_PID=/var/run/dhcpd6.pid
export PATH_DHCPD_DB PATH_DHCPD_PID PATH_DHCPD6_DB PATH_DHCPD6_PID

# Both files: "=== KIND/NAME STATUS", then standard error.
for kind in ok bad; do
	want=0
	[ $kind = bad ] && want=1
	cd $kind || exit 1
	for conf in *.conf; do
		mode=-4
		case $conf in v6-*) mode=-6 ;; esac
		echo "=== $kind/$conf $want" >&3
		if [ -f "${conf%.conf}.msg" ]; then cat "${conf%.conf}.msg" >&3; fi
		"$dhcpd" -t $mode -cf "$conf" 2>"$tmp/err" >/dev/null
		echo "=== $kind/$conf $?" >&4
		cat "$tmp/err" >&4
	done
	cd ..
done 3>"$tmp/want" 4>"$tmp/got"

# Leaves one line of text for each file: what is to be equal.
core() {
	LC_ALL=C awk -v differences=DIFFERENCES '
	function flush() {
		while (k > 0 && (line[k] == "exiting." || line[k] == "" || line[k] ~ trailer))
			k--
		if (name in how && how[name] == "accepted")
			status = 0
		text = name " " status
		for (i = 1; i <= k && !(name in how); i++)
			text = text "|" line[i]
		if (name != "")
			print text
		k = 0
	}
	BEGIN {
		trailer = "^(If you think you have received|than a configuration issue|bugs on either our web page|before submitting a bug|process and the information)"
		while ((getline entry < differences) > 0)
			if (split(entry, part, " ") > 2 && part[1] !~ /^[#*]/)
				how[part[1]] = part[2]
	}
	/^=== / { flush(); name = $2; status = $3; n = 0; next }
	++n <= 4 && /^(Internet Systems Consortium DHCP|Copyright 2004|All rights reserved|For info, please visit)/ { next }
	name ~ /^ok/ && /^(Config|Database|PID) file: / { next }
	{ line[++k] = $0 }
	END { flush() }' "$1"
}

core "$tmp/want" >"$tmp/want.lines"
core "$tmp/got" >"$tmp/got.lines"
n=$(wc -l <"$tmp/got.lines")
diff -a "$tmp/want.lines" "$tmp/got.lines" | cut -c1-400
echo "$n files"
[ "$n" -eq 987 ] && cmp -s "$tmp/want.lines" "$tmp/got.lines"
