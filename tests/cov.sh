#!/bin/sh
# SPDX-License-Identifier: ISC
#
# cov.sh - line and branch coverage of the core files after make check, worst first.
# Fails below FLOOR percent of lines.
set -u
: "${O:?}" "${SRC:?}" "${FLOOR:=90}"
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
top=$PWD
for f in $SRC; do
	(cd "$tmp" && gcov -b -o "$top/$O/${f%/*}" "$top/$O/${f%.c}.o" 2>/dev/null) |
	    awk -v f="$f" '
		/^File / { mine = index($0, f) > 0 }
		mine && /^Lines executed/ { split($0, a, /[:% ]+/); line = a[3]; n = a[5] }
		mine && /^Taken at least/ { split($0, a, /[:% ]+/); branch = a[5]; bn = a[7] }
		END { printf "%s %.1f %d %.1f %d\n", f, line, n, branch, bn }'
done | sort -k2n >"$tmp/all"
awk -v floor="$FLOOR" '
	{ printf "cov: %-28s lines %5.1f %% of %4d, branches %5.1f %% of %4d\n", $1, $2, $3, $4, $5
	  l += $2 * $3; ln += $3; b += $4 * $5; bn += $5 }
	END {
		l = ln ? l / ln : 0; b = bn ? b / bn : 0
		printf "cov: core: lines %.1f %% of %d, branches %.1f %% of %d (floor: %d %% of lines)\n", l, ln, b, bn, floor
		exit l < floor
	}' "$tmp/all"
