#!/bin/sh
# SPDX-License-Identifier: ISC
#
# fuzz.sh PROGRAM... - each libFuzzer target for $T seconds.
#
# Starts from tests/corpus/NAME and what earlier runs found (build/fuzz/new-NAME);
# uses tests/corpus/NAME.dict when there is one.  A finding is left in build/fuzz/
# and named; put it into tests/corpus/NAME/ with the mend.
set -u
: "${T:=60}"
failed=0 ran=0
for p in "$@"; do
	name=${p##*/fuzz_}
	new=${p%/*}/new-$name
	mkdir -p "$new"
	set -- -max_total_time="$T" -timeout=10 -rss_limit_mb=1024 -max_len=16384 \
	    -artifact_prefix="${p%/*}/found-$name-" -print_final_stats=1 "$new"
	[ -d "tests/corpus/$name" ] && set -- "$@" "tests/corpus/$name"
	[ -f "tests/corpus/$name.dict" ] && set -- -dict="tests/corpus/$name.dict" "$@"
	ran=$((ran + 1))
	if "$p" "$@" >"${p%/*}/log-$name" 2>&1 </dev/null; then
		awk -v n="$name" '
			/stat::number_of_executed_units/ { runs = $2 }
			/stat::average_exec_per_sec/ { rate = $2 }
			/ cov: / { for (i = 1; i < NF; i++) if ($i == "cov:") cov = $(i + 1) }
			END { printf "fuzz: %-28s %10d runs, %7d a second, %5d edges\n", n, runs, rate, cov }
		' "${p%/*}/log-$name"
	else
		failed=$((failed + 1))
		echo "fuzz: FAIL $name"
		tail -n 40 "${p%/*}/log-$name" | sed 's/^/    /'
	fi
done
echo "fuzz: $ran targets, $failed with a finding"
[ $failed -eq 0 ]
