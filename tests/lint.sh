#!/bin/sh
# SPDX-License-Identifier: ISC
#
# lint.sh - what other people's tools say; silence is the only good answer.
#
# Each tool that is here is run, the others are named.  Deliberate exceptions
# stand at the line they are for, or below with their reason.
set -u
: "${SRC:?}" "${KS_CPPFLAGS:?}"
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
failed=0 ran=0 skipped=0
scripts="$(ls tests/*.sh tests/*/*.sh tests/package/booted common/package/*.sh .ci/run 2>/dev/null)"

have() {
	command -v "$1" >/dev/null && return 0
	echo "SKIP lint: no $1 here"
	skipped=$((skipped + 1))
	return 1
}

# tool NAME - judge what it printed into $tmp/out
tool() {
	ran=$((ran + 1))
	if [ -s "$tmp/out" ]; then
		failed=$((failed + 1))
		echo "lint: FAIL $1"
		mkdir -p build
		cp "$tmp/out" "build/lint-${1%% *}.log"
		grep -E 'warning:|error:|WARNING:|ERROR:|In tests' "$tmp/out" | head -n 40 | sed 's/^/    /'
		echo "    (all of it: build/lint-${1%% *}.log)"
	else
		echo "lint: ok   $1"
	fi
}

# each_file COMMAND... - with the include paths and macros of the build, two at a time
each_file() {
	eval "set -- \"\$@\" $KS_CPPFLAGS"
	echo "$SRC" | tr -s ' ' '\n' | xargs -P 2 -n 1 "$@" >"$tmp/out" 2>&1
}

# shellcheck disable=SC2086 # lists of words on purpose
{
	if have gcc && gcc -fanalyzer -E -x c /dev/null >/dev/null 2>&1; then
		each_file gcc -std=gnu11 -O1 -fanalyzer -S -o /dev/null
		tool "gcc -fanalyzer"
	fi
	if have clang; then
		each_file clang -std=gnu11 --analyze -Xclang -analyzer-output=text -o /dev/null
		tool "clang --analyze"
	fi
	if have cppcheck; then
		# It cannot read every initializer (internalAstError), and takes a
		# pointer that is handed on for one that is read (ctuuninitvar).
		cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr \
		    --suppress=missingIncludeSystem \
		    --suppress=internalAstError --suppress=ctuuninitvar -I. $SRC >"$tmp/out" 2>&1
		tool cppcheck
	fi
	if have shellcheck; then
		shellcheck -s sh -S warning $scripts >"$tmp/out" 2>&1
		tool shellcheck
	fi
	if have mandoc && ls man/*.[1-9] >/dev/null 2>&1; then
		mandoc -T lint -W warning man/*.[1-9] >"$tmp/out" 2>&1
		tool "mandoc -T lint"
	fi
}
echo "lint: $ran tools ran, $failed with findings, $skipped not here"
[ $failed -eq 0 ]
