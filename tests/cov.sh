#!/bin/sh
# SPDX-License-Identifier: ISC
#
# cov.sh - line and branch coverage of the core files after make check, worst first.
#
# Branches inside ASSERT, ALWAYS and NEVER do not count: that nothing takes them is
# what these say (common/cc.h).  Fails below LINES_MIN or BRANCHES_MIN percent of all, or
# below FLOORS, which has DIRECTORY:LINES:BRANCHES.  What is not reached goes to
# build/cov.unreached, line by line, behind its reason from tests/cov.reasons, which is
# found by "FILE: TEXT"; the reasons are counted.
set -u
: "${O:?}" "${SRC:?}" "${LINES_MIN:=99}" "${BRANCHES_MIN:=97}"
: "${FLOORS=dhcpd:99.4:96.1 common:99.4:99.2 tftpd:99.8:98.5 httpd:99.8:99.3}"
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
: >"$tmp/list"
rm -f build/cov.unreached
for f in $SRC; do
	gcov -b -t -o "$O/${f%/*}" "$O/${f%.c}.o" 2>/dev/null | awk -v f="$f" -v list="$tmp/list" '
		/:    0:Source:/ { is_mine = $0 ~ ":Source:" f "$" }
		!is_mine { next }
		# "   12:  34:text", "#####: 34:text", "-: 34:text"
		/^ *[-#=0-9][^:]*: *[0-9]+:/ {
			split($0, part, ":")
			count = part[1]
			gsub(/[ *]/, "", count)
			text = $0
			sub(/^[^:]*:[^:]*:/, "", text)
			sub(/^ */, "", part[2])
			is_ours = text ~ /(ASSERT|ALWAYS|NEVER)\(/
			is_said = 0
			if (count == "-")
				next
			lines++
			if (count ~ /^[#=]/) {
				print f ":" part[2] ": not run:" text >>list
				is_said = 1
			} else
				hit++
			next
		}
		/^branch / && !is_ours {
			branches++
			if ($0 !~ /never executed|taken 0%/)
				taken++
			else if (!is_said) {
				print f ":" part[2] ": one way only:" text >>list
				is_said = 1
			}
		}
		END {
			printf "%s %d %d %d %d %.2f\n", f, hit, lines, taken, branches,
			    branches ? taken / branches : 1
		}'
done | sort -k6n >"$tmp/all"
awk '
	FNR == NR { if (split($0, part, "\t") == 2) { n++; re[n] = part[1]; why[n] = part[2] }; next }
	{ split($0, at, ":")
	  text = $0
	  sub(/^[^:]*:[^:]*:[^:]*:/, "", text)
	  text = at[1] ": " text
	  if (!(at[3] ~ /not run/ && at[1] == file && at[2] - line <= 3))
		for (i = 1; i <= n && text !~ re[i]; i++)
			continue
	  file = at[1]
	  line = at[2]
	  count[i]++
	  print i ": " $0 >"build/cov.unreached" }
	END { for (i = 1; i <= n; i++) printf "cov: %d. %4d times: %s\n", i, count[i], why[i] }
' tests/cov.reasons "$tmp/list"
awk -v least_l="$LINES_MIN" -v least_b="$BRANCHES_MIN" -v floors="$FLOORS" '
	function percent(n, of) { return of ? 100 * n / of : 100 }
	{ printf "cov: %-28s lines %5.1f %% of %4d, branches %5.1f %% of %4d\n", $1,
	    percent($2, $3), $3, percent($4, $5), $5
	  l += $2; ln += $3; b += $4; bn += $5
	  dir = $1
	  sub("/.*", "", dir)
	  dl[dir] += $2; dln[dir] += $3; db[dir] += $4; dbn[dir] += $5 }
	END {
		for (n = split(floors, floor, " "); n > 0; n--) {
			split(floor[n], f, ":")
			dir = f[1]
			printf "cov: %s: lines %.2f %% (at least %s), branches %.2f %% (at least %s)\n",
			    dir, percent(dl[dir], dln[dir]), f[2], percent(db[dir], dbn[dir]), f[3]
			if (percent(dl[dir], dln[dir]) < f[2] || percent(db[dir], dbn[dir]) < f[3])
				is_low = 1
		}
		printf "cov: core: lines %.1f %% of %d (at least %d), branches %.1f %% of %d (at least %d)\n",
		    percent(l, ln), ln, least_l, percent(b, bn), bn, least_b
		exit is_low || percent(l, ln) < least_l || percent(b, bn) < least_b
	}' "$tmp/all"
