#!/bin/sh
# SPDX-License-Identifier: ISC
#
# check.sh PROGRAM... - run unit tests, corpora and golden files, print totals.
# check.sh --sys       - run the tests with real clients instead
# check.sh --package   - or those of the packages in dist/.
#
# test_*   Check programs; run from the top of the tree
# fuzz_*   replay tests/corpus/<name without fuzz_>/ through the fuzz target,
#          each file also cut short and changed
# tests/golden/*.sh  run with BUILD= the directory of the programs; 77 = skipped
# tests/sys/*.sh tests/package/*.sh   the same, but for lib.sh
#
# A line that begins with SKIP in a test's output is shown and counted.
set -u
: "${BUILD:=build}"
export BUILD
: "${LIMIT_S:=300}"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0 skipped=0 checks=0 inputs=0 variations=0

run_limited() {
	if command -v timeout >/dev/null; then
		timeout "$LIMIT_S" "$@"
	else
		"$@"
	fi
}

# one NAME COMMAND... - run, judge, show the output only when it failed
one() {
	name=$1
	shift
	run_limited "$@" >"$tmp/out" 2>&1 </dev/null
	rc=$?
	n=$(grep -c '^SKIP' "$tmp/out")
	skipped=$((skipped + n))
	if [ $rc -eq 0 ]; then
		passed=$((passed + 1))
		grep '^SKIP' "$tmp/out"
	elif [ $rc -eq 77 ]; then
		[ "$n" -gt 0 ] || skipped=$((skipped + 1))
		grep '^SKIP' "$tmp/out" || echo "SKIP $name"
	else
		failed=$((failed + 1))
		[ $rc -eq 124 ] && echo "(no end after $LIMIT_S s)" >>"$tmp/out"
		echo "FAIL $name (exit $rc)"
		tail -n 60 "$tmp/out" | sed 's/^/    /'
	fi
}

scripts=tests/golden
title=check
case ${1-} in
--sys | --package)
	scripts=tests/${1#--}
	title=check-${1#--}
	shift
	;;
esac

for p in "$@"; do
	name=${p##*/}
	case $name in
	fuzz_*)
		dir=tests/corpus/${name#fuzz_}
		if [ -d "$dir" ]; then
			one "$name" "$p" -m "$dir"
		else
			one "$name" "$p"
		fi
		n=$(sed -n 's/^\([0-9][0-9]*\) inputs,.*/\1/p' "$tmp/out")
		inputs=$((inputs + ${n:-0}))
		n=$(sed -n 's/^[0-9]* inputs, \([0-9]*\) variations$/\1/p' "$tmp/out")
		variations=$((variations + ${n:-0}))
		;;
	*)
		one "$name" "$p"
		n=$(sed -n 's/.*Checks: \([0-9][0-9]*\),.*/\1/p' "$tmp/out" |
		    awk '{ s += $1 } END { print s + 0 }')
		checks=$((checks + n))
		;;
	esac
done
for g in "$scripts"/*.sh; do
	[ -f "$g" ] && [ "${g##*/}" != lib.sh ] || continue
	one "${g#tests/}" sh "$g"
done

[ $title != check ] || echo "check: $checks unit tests, $inputs corpus inputs, $variations variations of them"
echo "$title: $passed programs passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
