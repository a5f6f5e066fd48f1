# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# Sourced by the tests of this directory, from the top of the tree, as root.
#
# They use a small Debian system that is made once, in build/package/root, from
# where this machine's apt gets its packages, and kept; what a test changes goes
# to a layer above it and vanishes.  The peers' packages are in its cache, so
# that a test needs no network.

. tests/sys/lib.sh

PEERS='isc-dhcp-server tftpd-hpa apache2'
TOOLS_IN='systemd,systemd-sysv,dbus,iproute2,isc-dhcp-client,curl,procps,rpm'
CACHE=build/package
BASE=$PWD/$CACHE/root

# make_base - the system that tests start from
make_base() {
	[ -z "${KS_PRIVATE-}" ] && [ ! -e "$BASE/ready" ] || return 0
	need debootstrap apt-get
	suite=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
	mirror=$(apt-get indextargets --format '$(REPO_URI)|$(RELEASE)|$(IDENTIFIER)' 2>/dev/null |
	    sed -n "s/|$suite|Packages\$//p" | head -n 1)
	[ -n "$suite" ] && [ -n "$mirror" ] || skip "this is not Debian"
	rm -rf "$BASE" "$BASE.new"
	mkdir -p "$CACHE"
	debootstrap --variant=minbase --include="$TOOLS_IN" "$suite" "$BASE.new" "$mirror" \
	    >"$CACHE/debootstrap.log" 2>&1 || skip "debootstrap: $(tail -n 1 "$CACHE/debootstrap.log")"
	rm -f "$BASE.new/etc/apt/sources.list"
	cp -a /etc/apt/sources.list* /etc/apt/apt.conf.d "$BASE.new/etc/apt/"
	printf '#!/bin/sh\nexit 101\n' >"$BASE.new/usr/sbin/policy-rc.d"
	chmod 755 "$BASE.new/usr/sbin/policy-rc.d"
	cp /etc/resolv.conf /etc/hosts "$BASE.new/etc/"
	# shellcheck disable=SC2086 # a list of words
	{
		chroot "$BASE.new" apt-get update &&
		    DEBIAN_FRONTEND=noninteractive chroot "$BASE.new" apt-get install -y \
		    --no-install-recommends --download-only $PEERS
	} >>"$CACHE/debootstrap.log" 2>&1 || skip "apt-get: $(tail -n 1 "$CACHE/debootstrap.log")"
	rm -f "$BASE.new/etc/resolv.conf"
	: >"$BASE.new/ready"
	mv "$BASE.new" "$BASE"
}

# system - a copy of it at R
system() {
	R=$W/system
	mkdir -p "$R" "$W/layer"
	mount -t tmpfs none "$W/layer"
	mkdir "$W/layer/up" "$W/layer/work"
	mount -t overlay -o "lowerdir=$BASE,upperdir=$W/layer/up,workdir=$W/layer/work" \
	    none "$R" 2>/dev/null || skip "no overlay file system here"
	mkdir "$R/try"
	cp dist/*.deb "$R/try/"
}

# inside COMMAND.. - in that system, where no service manager runs
inside() { DEBIAN_FRONTEND=noninteractive chroot "$R" "$@" >>"$W/log" 2>&1; }

# must COMMAND.. - inside; shows what it said when it fails
must() {
	inside "$@" || { tail -n 30 "$W/log"; fail "$*"; }
}

[ "$(id -u)" = 0 ] || skip "packages are installed by root"
make_base
