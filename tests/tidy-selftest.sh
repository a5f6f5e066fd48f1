#!/bin/sh
# SPDX-License-Identifier: ISC
#
# tidy-selftest.sh - does tidy.sh find what it says it finds?
#
# Lays out a small clean tree, on which tidy must be silent, then breaks one
# rule at a time and expects that rule, in that file, and no other.
set -u
here=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
: "${CC:=cc}"
ran=0 wrong=0

head='/* SPDX-License-Identifier: ISC */
/*
 * one - a file for a test.
 *
 * It promises nothing.
 */'

fresh() {
	rm -rf "$tmp/t"
	mkdir -p "$tmp/t/common" "$tmp/t/dhcpd" "$tmp/t/man"
	cd "$tmp/t" || exit 2
	printf '%s\n#ifndef COMMON_ONE_H\n#define COMMON_ONE_H\n\n/*\n * one_get - a number.\n */\nint one_get(void);\n\n#endif\n' \
	    "$head" >common/one.h
	printf '%s\n#include "common/one.h"\n\nint\none_get(void)\n{\n\treturn 1;\n}\n' "$head" >common/one.c
	printf '%s\n#ifndef COMMON_SH_H\n#define COMMON_SH_H\n\n#endif\n' "$head" >common/sh.h
	printf '%s\n#include "common/sh.h"\n' "$head" >common/sh.c
}

tidy() {
	for f in common/*.c dhcpd/*.c; do
		[ -f "$f" ] || continue
		mkdir -p "build/obj-release/${f%/*}"
		$CC -std=gnu11 -O1 -I. -w -c -o "build/obj-release/${f%.c}.o" "$f" || exit 2
	done
	SHELL_SRC=' common/sh.c dhcpd/main.c ' OBJ=build/obj-release sh "$here/tidy.sh" . >"$tmp/out" 2>&1
}

# expect RULE FILE - tidy fails, with that rule in that file and no other rule
expect() {
	ran=$((ran + 1))
	if tidy || ! grep -q "^$2:[0-9]*: $1: " "$tmp/out" ||
	    grep -v -e "^$2:[0-9]*: $1: " -e '^tidy: ' "$tmp/out" | grep -q .; then
		wrong=$((wrong + 1))
		echo "tidy-selftest: $1 in $2: wrong answer:"
		sed 's/^/    /' "$tmp/out"
	fi
}

# code TEXT - appended to common/one.c;  hdr TEXT - into its header
code() { printf '%b\n' "$1" >>common/one.c; }
hdr() {
	sed '$d' common/one.h >"$tmp/h"
	printf '%b\n\n#endif\n' "$1" >>"$tmp/h"
	cp "$tmp/h" common/one.h
}
lines() { awk -v n="$1" -v s="$2" 'BEGIN { while (n-- > 0) print s }'; }

fresh
ran=$((ran + 1))
if ! tidy; then
	wrong=$((wrong + 1))
	echo "tidy-selftest: findings in a clean tree:"
	sed 's/^/    /' "$tmp/out"
fi

fresh; mkdir httpd; printf '%s\n#ifndef HTTPD_A_H\n#define HTTPD_A_H\n#endif\n' "$head" >httpd/a.h
code '#include "httpd/a.h"';			expect layer common/one.c
fresh; code '#include <sys/queue.h>';			expect floor common/one.c
fresh; code 'int one_f(int f);\nint\none_f(int f)\n{\n\treturn f + __builtin_add_overflow(1, 2, &f);\n}'
							expect floor common/one.c
fresh; printf '%s\n#include "common/sh.h"\n#include "common/one.h"\n' "$head" >common/sh.c
sed 's/"common\/sh.h"/"common\/one.h"/' common/sh.c >x && mv x common/sh.c
							expect include common/sh.c
fresh; code 'int two_get(void);\nint\ntwo_get(void)\n{\n\treturn 1;\n}'
							expect prefix common/one.c
fresh; code '#include <unistd.h>\nint one_pid(void);\nint\none_pid(void)\n{\n\treturn getpid();\n}'
							expect purity common/one.c
fresh; printf '%s\n#include "common/sh.h"\nint sh_x(void);\nint\nsh_x(void)\n{\n\treturn 1;\n}\n' "$head" >common/sh.c
code 'int sh_x(void);\nint one_y(void);\nint\none_y(void)\n{\n\treturn sh_x();\n}'
							expect purity common/one.c
fresh; code '#include <stdlib.h>\nvoid *one_m(void);\nvoid *\none_m(void)\n{\n\treturn malloc(3);\n}'
							expect purity common/one.c
fresh; code 'int one_n(void);\nint\none_n(void)\n{\n\tstatic int n;\n\treturn n++;\n}'
							expect state common/one.c
fresh; code 'int one_n(void);\nint\none_n(void)\n{\n\tstatic int n = 7;\n\treturn n++;\n}'
							expect state common/one.c
fresh; code "int one_f(int);\nint\none_f(int i)\n{"; lines 69 '	i++;' >>common/one.c; code '\treturn i;\n}'
							expect function-length common/one.c
fresh; code "int one_f(int);\n/* flat switch */\nint\none_f(int i)\n{"; lines 119 '	i++;' >>common/one.c
code '\treturn i;\n}';					expect function-length common/one.c
fresh; lines 900 '' >>common/one.c;			expect file-length common/one.c
fresh; lines 1 "/* $(lines 98 x | tr -d '\n') */" >>common/one.c
							expect line-length common/one.c
fresh; code "\t\t\t\t\t\t\t\t\t\t\t\t/* 1234 */";	expect line-length common/one.c
fresh; code 'int one_a; ' ; sed 's/^int one_a; /extern int one_a; /' common/one.c >x && mv x common/one.c
							expect blanks common/one.c
fresh; code '        /* blanks */';			expect indent common/one.c
fresh; code '// private';				expect comment common/one.c
fresh; code "/* TO"'DO: later */';			expect todo common/one.c
fresh; code 'typedef struct one one_t;';		expect typedef common/one.c
fresh; code 'int one_f(int);\nint\none_f(int i)\n{\n#ifdef Z\n\ti++;\n#endif\n\treturn i;\n}'
							expect conditional common/one.c
for call in 'strcpy(a, a)' 'sprintf(a, "x")' 'atoi(a)' 'strncpy(a, a, 1)' 'system(a)' 'rand()' 'exit(1)' \
    'printf("x")' 'abort()'; do
	fresh
	code "#include <stdlib.h>\n#include <stdio.h>\n#include <string.h>"
	code "static inline int\none_f(char *a)\n{\n\treturn a != 0 && ($call, 1);\n}"
	expect banned common/one.c
done
fresh; hdr 'int one_two(void);';			expect docstring common/one.h
fresh; hdr '/*\n * another - text.\n */\nint one_two(void);'
							expect docstring common/one.h
fresh; printf '%s\n#ifndef COMMON_TWO_H\n#define COMMON_TWO_H\n\n/* two_len - x. */\nsize_t two_len(void);\n\n#endif\n' \
    "$head" >common/two.h;				expect alone common/two.h
fresh; sed 's/COMMON_ONE_H/ONE_H/' common/one.h >x && mv x common/one.h
							expect guard common/one.h
fresh; sed '1s/ISC/MIT/' common/one.c >x && mv x common/one.c
							expect licence common/one.c
fresh; printf '/* SPDX-License-Identifier: ISC */\n#include "common/one.h"\n' >common/one.c
							expect opening common/one.c
fresh; printf '/* SPDX-License-Identifier: ISC */\n/* short */\n#include "common/one.h"\n' >common/one.c
							expect opening common/one.c
fresh; printf '/* %swork/somewhere */\n' / >>common/one.c;	expect word common/one.c
fresh; echo x >notes;					expect tree notes
fresh; mkdir -p tests/fuzz; printf '%s\n' "$head" >tests/fuzz/fuzz_common_one.c
							expect corpus tests/fuzz/fuzz_common_one.c
fresh; printf '%s\n#include "dhcpd/stmttab.h"\nstatic const char *const t[][1] = {\n\t{ "pool" },\n\t{ "zone-x" },\n};\n' \
    "$head" >dhcpd/stmttab.c
printf '%s\n#ifndef DHCPD_STMTTAB_H\n#define DHCPD_STMTTAB_H\n#endif\n' "$head" >dhcpd/stmttab.h
echo '.It Ic pool' >man/dhcpd.conf.5;			expect page dhcpd/stmttab.c

echo "tidy-selftest: $ran cases, $wrong answered wrongly"
[ $wrong -eq 0 ]
