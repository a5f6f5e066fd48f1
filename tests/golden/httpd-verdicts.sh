#!/bin/sh
# SPDX-License-Identifier: ISC
# What -t says about the small configurations of tests/golden/httpd-verdicts.
set -u
httpd=${BUILD:-build}/httpd
[ -x "$httpd" ] || { echo "SKIP no $httpd"; exit 77; }
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/srv" "$dir/logs"

awk -v dir="$dir" '
/^#/ && n == 0 { next }
/^$/ { if (to != "") close(to); to = ""; next }
to == "" { n++; to = dir "/" n ".conf" }
/^>>>$/ { close(to); to = dir "/" n ".want"; next }
to ~ /conf$/ { gsub("DIR", dir) }
{ print >to }' tests/golden/httpd-verdicts

set -- -C "ServerRoot \"$dir\"" -C "DocumentRoot \"$dir/srv\"" \
    -C 'TypesConfig /dev/null' -C 'Listen 127.0.0.1:8099' -C 'ServerName x.test' \
    -C "User #$(id -u)" -C "Group #$(id -g)" -C "ErrorLog \"$dir/logs/e\""
for m in access_compat actions alias allowmethods auth_basic authn_anon authn_core authn_file \
    authz_core authz_groupfile authz_host authz_user autoindex deflate dir env expires filter \
    headers include info mime negotiation remoteip reqtimeout rewrite setenvif status userdir \
    mpm_prefork cgi; do
	set -- "$@" -C "LoadModule ${m}_module modules/mod_$m.so"
done

n=0 failed=0
while [ -e "$dir/$((n + 1)).want" ]; do
	n=$((n + 1))
	"$httpd" -t "$@" -f "$dir/$n.conf" 2>&1 |
	    sed -e "s|$dir/$n.conf|F|g" -e "s|$dir|DIR|g" -e 's/ *$//' >"$dir/got"
	cmp -s "$dir/got" "$dir/$n.want" && continue
	failed=1
	cat "$dir/$n.conf"
	diff "$dir/$n.want" "$dir/got"
done
[ $n -ge 587 ] || { echo "only $n configurations were found"; failed=1; }
exit $failed
