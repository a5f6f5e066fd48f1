#!/bin/sh
# SPDX-License-Identifier: ISC
#
# flags.sh OUT OBJDIR - which of the flags in $WARN, $HARD and $LINK does $CC know?
# Writes them as make variables.  Each is tried alone, so that an old compiler
# loses one warning and not the build.
set -u
out=$1 objdir=$2
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

printf 'int main(void) { return 0; }\n' >"$tmp/t.c"
printf '#include <string.h>\nint main(int c, char **v) { char b[64]; memset(b, c, 9); return b[strlen(*v) & 7]; }\n' \
    >"$tmp/s.c"

known() {
	$CC -Werror -O2 "$@" -o "$tmp/t" "$tmp/t.c" >/dev/null 2>&1
}

list() {
	name=$1
	shift
	printf '%s =' "$name"
	for f in "$@"; do
		known "$f" && printf ' %s' "$f"
	done
	printf '\n'
}

{
	# shellcheck disable=SC2086 # lists of words on purpose
	{
		list WARNFLAGS $WARN
		list HARDFLAGS $HARD
		list LINKFLAGS $LINK
	}
	for n in 3 2; do
		if $CC -Werror -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$n -o "$tmp/s" \
		    "$tmp/s.c" >/dev/null 2>&1; then
			printf 'FORTIFY ?= -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=%s\n' $n
			break
		fi
	done
	if $CC -o "$tmp/t" "$tmp/t.c" -lcrypt >/dev/null 2>&1 &&
	    printf '#include <crypt.h>\n' | $CC -E - >/dev/null 2>&1; then
		printf 'CRYPT = -lcrypt\nCPPFLAGS_ALL += -DHAVE_CRYPT=1\n'
	else
		printf 'CRYPT =\nCPPFLAGS_ALL += -DHAVE_CRYPT=0\n'
	fi
} >"$tmp/out" || exit 1

# A bare musl wrapper has no kernel headers: lend it those and nothing else.
if [ "$VARIANT" = musl ]; then
	rm -rf "$objdir/kernel"
	mkdir -p "$objdir/kernel"
	for d in linux asm asm-generic; do
		for from in /usr/include "/usr/include/$(gcc -dumpmachine 2>/dev/null)"; do
			if [ -d "$from/$d" ]; then
				ln -sf "$from/$d" "$objdir/kernel/$d"
			fi
		done
	done
fi
mv "$tmp/out" "$out"
