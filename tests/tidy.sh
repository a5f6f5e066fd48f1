#!/bin/sh
# SPDX-License-Identifier: ISC
#
# tidy.sh [TREE] - the rules of the house, checked.
#
# Text rules are in tidy.awk; here are those about objects (who exports what,
# what a core file may call), about names that must stand in the man pages, and
# about words that do not belong.  Prints FILE:LINE: rule: text, a summary, and
# fails when there is a finding.  tidy-selftest.sh shows that each rule can fail.
#
# OBJ=DIR   objects of the tree (build/obj-release)
# SHELL_SRC files that may touch the system; all other .c files are core
set -u
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
cd "${1:-.}" || exit 2
: "${OBJ:=build/obj-release}"
: "${SHELL_SRC:?}"
: "${NM:=nm}"
: "${CC:=cc}"
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT

# What a core file may use besides its own kind.  The last words of the line
# are for one file alone and say what for.
ALLOW_LIBC='mem[a-z]* str(len|nlen|cmp|ncmp|chr|rchr|str|spn|cspn|pbrk|casecmp|ncasecmp) bsearch
	__(mem|str|stp)[a-z]*_chk __stack_chk_fail _GLOBAL_OFFSET_TABLE_ __asan_.* __ubsan_.*'
ALLOW_ONE="$here/tidy.allow"

src=$(for d in common dhcpd tftpd httpd; do ls $d/*.[ch] 2>/dev/null; done)
csrc=$(echo "$src" | grep '\.c$')
tests=$(ls tests/*/*.[ch] 2>/dev/null)
core=
for f in $csrc; do
	case " $SHELL_SRC " in
	*[[:space:]]"$f"[[:space:]]*) ;;
	*) core="$core $f" ;;
	esac
done

# --- text
# shellcheck disable=SC2086 # lists of file names without blanks
awk -f "$here/tidy.awk" $src $tests >"$tmp/text" || exit 2
grep -v -e '^function ' -e '^figure ' "$tmp/text" >"$tmp/found"

# --- objects: the file name is the prefix, core is pure and has no state
rel() { sed "s|^$OBJ/||"; }

for f in $csrc; do
	o=$OBJ/${f%.c}.o
	if [ -f "$o" ]; then
		echo "$o"
	else
		echo "$f:1: object: not built ($o)" >>"$tmp/found"
	fi
done >"$tmp/objects"

# shellcheck disable=SC2046 # lists of file names without blanks
if [ -s "$tmp/objects" ]; then
	$NM -A -g --defined-only $(cat "$tmp/objects") 2>/dev/null | rel |
	    awk '{ sub(/:.*/, "", $1); print $1, $NF }' >"$tmp/defined"
	$NM -A -u $(cat "$tmp/objects") 2>/dev/null | rel |
	    awk '{ sub(/:.*/, "", $1); print $1, $NF }' >"$tmp/undefined"
	objdump -t $(cat "$tmp/objects") 2>/dev/null | rel >"$tmp/symbols"
fi

[ -f "$tmp/defined" ] && awk '
	{
		file = $1; sub(/\.o$/, ".c", file)
		base = file; sub(/.*\//, "", base); sub(/\.c$/, "", base)
		if (base == "main" ? $2 != "main" : $2 != base && index($2, base "_") != 1)
			printf "%s:1: prefix: %s is public and does not begin with %s_\n", file, $2, base
	}' "$tmp/defined" >>"$tmp/found"

[ -f "$tmp/undefined" ] && awk -v core="$core" -v allow="$ALLOW_LIBC" -v one="$ALLOW_ONE" '
	BEGIN {
		n = split(core, part, " ")
		for (i = 1; i <= n; i++)
			is_core[part[i]] = 1
		gsub(/[ \t\n]+/, "|", allow)
		allow = "^(" allow ")$"
		while ((getline line < one) > 0) {
			if (line ~ /^#/ || line ~ /^[ \t]*$/)
				continue
			split(line, part, " ")
			extra[part[1] " " part[2]] = 1
		}
	}
	{ file = $1; sub(/\.o$/, ".c", file) }
	FNR == NR {
		if (file in is_core)
			pure[$2] = 1
		next
	}
	file in is_core && !($2 in pure) && $2 !~ allow && !((file " " $2) in extra) {
		printf "%s:1: purity: a core file uses %s\n", file, $2
	}' "$tmp/defined" "$tmp/undefined" >>"$tmp/found"

[ -f "$tmp/symbols" ] && awk -v core="$core" '
	BEGIN {
		n = split(core, part, " ")
		for (i = 1; i <= n; i++)
			is_core[part[i]] = 1
	}
	/file format/ { file = $1; sub(/\.o:$/, ".c", file); next }
	file in is_core && / O / && /[ \t](\.data|\.bss|\*COM\*|\.data\.[a-qs-z][^ \t]*|\.bss\.[^ \t]*)[ \t]/ {
		printf "%s:1: state: a core file keeps %s between calls\n", file, $NF
	}' "$tmp/symbols" >>"$tmp/found"

# --- headers stand alone
for h in $(echo "$src" | grep '\.h$'); do
	$CC -std=gnu11 -I. -D_GNU_SOURCE -DKS_VERSION='""' -fsyntax-only -x c "$h" 2>"$tmp/err" ||
	    echo "$h:1: alone: does not compile by itself: $(grep -m1 error "$tmp/err")" >>"$tmp/found"
done

# --- every name of a table stands in its page: TABLE PAGE, first string of a row
names() {
	[ -f "$1" ] && [ -f "$2" ] || return 0
	# a row is { .. "name" .. or, where most of a table is, I("name" ..
	sed -n 's/^	*{[^"{}]*"\([A-Za-z][A-Za-z0-9_.-]*\)".*/\1/p
	    s/^	I("<\{0,1\}\([A-Za-z][A-Za-z0-9_.-]*\)".*/\1/p' "$1" | sort -u >"$tmp/names"
	# mdoc: a page may break a line anywhere but inside a name; \- is -
	sed 's/\\-/-/g; s/\\&//g' "$2" | tr -cs 'A-Za-z0-9_.-' '\n' | sed 's/[.]*$//' |
	    tr '[:upper:]' '[:lower:]' | sort -u >"$tmp/words"
	tr '[:upper:]' '[:lower:]' <"$tmp/names" | sort -u | comm -23 - "$tmp/words" |
	    sed "s|.*|$1:1: page: & is not in $2|" >>"$tmp/found"
}
for t in dhcpd/opttab*.c; do
	names "$t" man/dhcp-options.5
done
names dhcpd/stmttab.c man/dhcpd.conf.5
names tftpd/opttab.c man/in.tftpd.8
for t in httpd/dirtab*.c; do
	names "$t" man/httpd.conf.5
done

# --- each fuzz target has something to start from
for f in tests/fuzz/fuzz_*.c; do
	[ -f "$f" ] || continue
	b=${f##*/fuzz_}
	b=${b%.c}
	[ -n "$(ls "tests/corpus/$b" 2>/dev/null)" ] ||
	    echo "$f:1: corpus: tests/corpus/$b is empty" >>"$tmp/found"
done

# --- the top level is fixed; words of a build machine do not belong
for e in *; do
	case $e in
	common|dhcpd|tftpd|httpd|man|tests|Makefile|LICENSE|README.md|build|dist) ;;
	*) echo "$e:1: tree: the top level is fixed" >>"$tmp/found" ;;
	esac
done
# a word in brackets does not match itself here
find common dhcpd tftpd httpd man tests Makefile README.md -type f ! -path 'tests/corpus/*' \
    -exec grep -nI -E '(^|[^A-Za-z0-9_.~-])[/](work|root)/|[.][.]/shared' /dev/null {} + \
    2>/dev/null |
    sed 's/^\([^:]*:[0-9]*\):\(.*\)/\1: word: \2/' >>"$tmp/found"
find tests man -name '*.sh' -type f -exec grep -L 'SPDX-License-Identifier: ISC' {} + 2>/dev/null |
    sed 's/$/:1: licence: no SPDX line/' >>"$tmp/found"

# --- budgets over the whole
awk '
	$1 == "function" { len[++n] = $2 }
	$1 == "figure" { fig[$2] = $3 }
	END {
		for (i = 2; i <= n; i++) {
			v = len[i]
			for (j = i - 1; j > 0 && len[j] > v; j--)
				len[j + 1] = len[j]
			len[j + 1] = v
		}
		median = n ? len[int((n + 1) / 2)] : 0
		k = fig["lines"] / 1000
		printf "%d files, %d lines, %d functions, median %d lines, ", fig["files"], fig["lines"], n, median
		c = fig["code"] / 1000
		printf "%.1f #if and %.1f ASSERT per 1000 lines\n", k ? fig["ifs"] / k : 0, c ? fig["asserts"] / c : 0
		if (median > 20)
			print "tree:1: median: the median function has " median " lines, 20 are allowed"
		if (k >= 1 && fig["ifs"] / k > 2)
			print "tree:1: conditionals: more than 2 #if per 1000 lines"
	}' "$tmp/text" >"$tmp/sum"
grep '^tree:' "$tmp/sum" >>"$tmp/found"

sort -t: -k1,1 -k2,2n "$tmp/found"
echo "tidy: $(grep -v '^tree:' "$tmp/sum"); $(wc -l <"$tmp/found" | tr -d ' ') findings"
[ ! -s "$tmp/found" ]
