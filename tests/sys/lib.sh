# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2034 # W is for those who source this
# Sourced by the tests of this directory, from the top of the tree.
#
# A test runs in network, mount and process namespaces of its own, so it may
# use any address and port, disturbs nobody, and leaves nothing behind, even
# when it is killed.  BUILD is the directory of the programs.

set -eu
export PYTHONDONTWRITEBYTECODE=1
BUILD=$(cd "${BUILD:-build}" && pwd)
NAME=$(basename "$0" .sh)

skip() { echo "SKIP $NAME: $*"; exit 77; }
fail() { echo "FAIL $NAME: $*"; exit 1; }
pass() { echo "ok   $NAME: $*"; }

# need PROGRAM.. - skip unless all are there
need() {
	for prog; do
		command -v "$prog" >/dev/null 2>&1 || skip "no $prog on this machine"
	done
}

# private - start over in namespaces of our own; W is a scratch directory there
private() {
	if [ -z "${KS_PRIVATE-}" ]; then
		flags=-nmpf
		[ "$(id -u)" = 0 ] || flags=-rnmpf
		need unshare ip
		unshare $flags true 2>/dev/null ||
		    skip "the kernel allows no namespaces here; use sudo"
		KS_PRIVATE=1 exec unshare $flags --kill-child --mount-proc sh "$0"
	fi
	# What clients write goes to file systems that vanish with us.
	mount -t tmpfs none /run
	for dir in /var/lib/dhcp /var/lib/dhcpcd /var/lib/xinetd; do
		[ ! -d $dir ] || mount -t tmpfs none $dir
	done
	if [ -e /etc/resolv.conf ]; then
		cp /etc/resolv.conf /run/resolv.conf
		mount --bind /run/resolv.conf /etc/resolv.conf
	fi
	mkdir /run/netns /run/test
	W=/run/test
	ip link set lo up
}

# wire [ADDRESS/BITS] - a cable from s0 here to c0 in the namespace "client"
wire() {
	ip netns add client
	ip link add s0 type veth peer name c0 netns client
	ip addr add "${1:-10.10.3.167/24}" dev s0
	ip link set s0 up
	ip -n client link set lo up
	ip -n client link set c0 address 00:50:56:3b:f6:2b up
}

# client COMMAND.. - on the other end of the cable, at most 30 seconds
client() { timeout 30 ip netns exec client "$@"; }

# until_true SECONDS COMMAND.. - try every 50 ms
until_true() {
	tries=$(($1 * 20))
	shift
	while ! "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.05
	done
}

# httpd_room - html, logs and cgi below W, for a server that gives up root
httpd_room() {
	mkdir $W/html $W/logs $W/cgi
	chmod 755 $W $W/html $W/cgi
	chmod 777 $W/logs
}

# script NAME [TEXT] - a shell script in W/cgi; without TEXT, of what is read
script() {
	echo '#!/bin/sh' >$W/cgi/$1
	if [ $# -gt 1 ]; then
		printf '%s\n' "$2" >>$W/cgi/$1
	else
		cat >>$W/cgi/$1
	fi
	chmod 755 $W/cgi/$1
}

# own_dev - a /dev of our own, in which a test may make its /dev/log
own_dev() {
	mkdir /run/dev
	for d in null zero random urandom; do
		: >/run/dev/$d
		mount --bind /dev/$d /run/dev/$d
	done
	mount --rbind /run/dev /dev
}
