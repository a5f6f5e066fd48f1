#!/bin/sh
# SPDX-License-Identifier: ISC
#
# tables.sh - the tables of bounds and of known attacks say what is.
#
# bounds.tsv  every row of a LIMITS section of a man page is in it and the other
#             way round; cve.tsv: five columns, each attack once, a CVE number
#             has the form of one.
# In both each test named FILE:NAME exists: a START_TEST of that name, a function
# of a Python file, or the word in any other file, which must be one of those
# that make check, check-sys or faults run.
set -u
export LC_ALL=C
cd "${1:-.}" || exit 2
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
bounds=tests/bounds.tsv attacks=tests/cve.tsv

# what a macro line shows: without macro names, quotes and escapes
plain() {
	sed -e 's/ Ta .*//' -e 's/\\&//g' \
	    -e 's/\(^\| \)\(Ic\|Cm\|Ql\|Fl\|Dv\|Ar\|No\|Ns\) / /g' -e 's/^ *//' -e 's/ *$//' -e 's/  */ /g'
}

for page in man/*.[1-9]; do
	awk -v page="${page##*/}" '/^\.Sh /{ on = $2 == "LIMITS" }
		on && /^\.It /{ sub(/^\.It (Sy .*)?/, ""); if ($0 != "") print page "\t" $0 }' "$page" | plain
done | sort >"$tmp/pages"
grep -v '^#' $bounds | cut -f1,2 | grep -v '^-' | sort >"$tmp/rows"
{
	comm -23 "$tmp/pages" "$tmp/rows" | sed "s|^|$bounds: a row of LIMITS is missing: |"
	comm -13 "$tmp/pages" "$tmp/rows" | sed "s|^|$bounds: not in LIMITS: |"
	awk -F '\t' '!/^#/ && (NF != 5 || $5 == "") { print FILENAME ":" FNR ": five columns, please" }
		!/^#/ && seen[FILENAME, $1, $2]++ { print FILENAME ":" FNR ": twice: " $1 " " $2 }' \
	    $bounds $attacks
	awk -F '\t' '!/^#/ && $1 !~ /^CVE-20[12][0-9]-[0-9][0-9][0-9][0-9]+$/ {
		print FILENAME ":" FNR ": no CVE number: " $1 }' $attacks
} >"$tmp/found"

# shellcheck disable=SC2094 # the list is complete before it is read
awk -F '\t' '!/^#/ { n = split($5, t, " "); for (i = 1; i <= n; i++) print FILENAME ":" FNR, t[i] }' \
    $bounds $attacks >"$tmp/tests"
while read -r where test; do
	file=${test%%:*} name=${test#*:}
	case $file in
	tests/unit/test_*.c | tests/golden/*.sh | tests/sys/*.sh | tests/sys/*.py | tests/faults/*.sh | \
	    tests/unit/*.attacks | tests/fuzz/fuzz_*.c | tests/sim/sim_*.c | \
	    tests/corpus/*) ;;
	*) echo "$where: nothing runs $file" ;;
	esac
	if [ ! -e "$file" ]; then
		echo "$where: no $file"
		continue
	fi
	case $file in
	tests/corpus/*) continue ;;
	*.c) grep -q -e "^START_TEST($name)" -e "^$name(" "$file" ;;
	*.py) grep -q "^ *def $name(" "$file" ;;
	*) grep -q -F -e "$name" "$file" ;;
	esac || echo "$where: no test $name in $file"
done <"$tmp/tests" >>"$tmp/found"

cat "$tmp/found"
echo "tables: $(grep -vc '^#' $bounds) bounds, $(grep -vc '^#' $attacks) known attacks, $(wc -l <"$tmp/tests") tests"
[ ! -s "$tmp/found" ]
