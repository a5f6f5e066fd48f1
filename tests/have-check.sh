#!/bin/sh
# SPDX-License-Identifier: ISC
#
# have-check.sh OUT - how to link with Check (the unit test library), into OUT.
# Missing: root gets it installed by the system's package manager, anybody else
# is told which command does it.
set -u
out=$1
: "${CC:=cc}"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
# What a test calls: a static library asks for subunit only then.
cat >"$tmp/t.c" <<'C'
#include <check.h>
int
main(void)
{
	SRunner *s = srunner_create(suite_create("t"));

	srunner_run_all(s, CK_NORMAL);
	return srunner_ntests_failed(s);
}
C

find_libs() {
	for libs in "$(pkg-config --libs check 2>/dev/null)" "-lcheck -lm -lrt -lpthread" \
	    "-lcheck -lsubunit -lm -lrt -lpthread" "-lcheck_pic -lsubunit -lm -lrt -lpthread" \
	    "-lcheck_pic -lm -lrt -lpthread" "-lcheck"; do
		[ -n "$libs" ] || continue
		# shellcheck disable=SC2086 # a list of words on purpose
		if $CC -fPIE -pie -o "$tmp/t" "$tmp/t.c" $libs >/dev/null 2>&1; then
			printf '%s\n' "$libs" >"$out"
			return 0
		fi
	done
	return 1
}

find_libs && exit 0

if command -v apt-get >/dev/null; then
	cmd='apt-get install -y check'
elif command -v dnf >/dev/null; then
	cmd='dnf install -y check-devel'
elif command -v yum >/dev/null; then
	cmd='yum install -y check-devel'
elif command -v apk >/dev/null; then
	cmd='apk add check-dev'
elif command -v zypper >/dev/null; then
	cmd='zypper --non-interactive install check-devel'
else
	cmd='(install the package of https://libcheck.github.io/check/)'
fi

if [ "$(id -u)" -eq 0 ] && [ "${cmd#(}" = "$cmd" ]; then
	echo "check: the unit tests need the library Check; installing it: $cmd"
	case $cmd in
	apt-get*)
		DEBIAN_FRONTEND=noninteractive $cmd >"$tmp/log" 2>&1 </dev/null ||
		    { apt-get update >>"$tmp/log" 2>&1 </dev/null &&
		    DEBIAN_FRONTEND=noninteractive $cmd >>"$tmp/log" 2>&1 </dev/null; }
		;;
	dnf*|yum*)
		$cmd >"$tmp/log" 2>&1 </dev/null ||
		    { ${cmd%% *} install -y epel-release >>"$tmp/log" 2>&1 </dev/null &&
		    $cmd >>"$tmp/log" 2>&1 </dev/null; }
		;;
	*)
		$cmd >"$tmp/log" 2>&1 </dev/null
		;;
	esac
	find_libs && exit 0
	[ -s "$tmp/log" ] && tail -n 5 "$tmp/log" >&2
fi
echo "check: the unit tests need the library Check (header check.h), which is not here." >&2
echo "check: install it as root with: $cmd" >&2
exit 1
