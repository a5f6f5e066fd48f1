#!/bin/sh
# SPDX-License-Identifier: ISC
#
# valgrind.sh PROGRAM... - unit tests under valgrind: what a sanitizer cannot see,
# a decision made on memory that nobody wrote, above all.
#
# A program fails when it read or wrote beside its memory, looked at a value never
# set, or lost what it allocated.  All its tests run in one process: a new one
# for each takes valgrind ten times as long.
# LIMIT_S  a program may take so long
set -u
: "${LIMIT_S:=300}"
if ! command -v valgrind >/dev/null; then
	echo "SKIP valgrind: no valgrind here"
	exit 0
fi
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0
for p in "$@"; do
	CK_FORK=no timeout "$LIMIT_S" valgrind -q --error-exitcode=99 --leak-check=full \
	    --errors-for-leak-kinds=definite,indirect --show-leak-kinds=definite,indirect \
	    "$p" >"$tmp/out" 2>&1 </dev/null
	rc=$?
	if [ $rc -eq 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL ${p##*/} (exit $rc)"
		tail -n 60 "$tmp/out" | sed 's/^/    /'
	fi
done
echo "valgrind: $passed programs passed, $failed failed"
[ $failed -eq 0 ]
