#!/bin/sh
# SPDX-License-Identifier: ISC
# Limits of configuration files, each at the limit and one beyond: what the
# programs themselves say about a file.  tests/bounds.tsv names the cases.
set -u
build=$(cd "${BUILD:-build}" && pwd)
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
failed=0
export LC_ALL=C

# rep N TEXT - the text N times
rep() { awk -v n="$1" -v t="$2" 'BEGIN { while (n-- > 0) printf "%s", t }'; }
# count FIRST LAST FORMAT - the numbers, one line each
count() { awk -v i="$1" -v n="$2" -v f="$3" 'BEGIN { for (; i <= n; i++) printf f "\n", i, i, i }'; }

verdict() {
	case $program in
	dhcpd) timeout 60 "$build/dhcpd" -t -cf "$dir/conf" 2>&1 ;;
	httpd) timeout 60 "$build/httpd" -t -f "$dir/conf" 2>&1 ;;
	tftpd) timeout 60 "$build/in.tftpd" -l --stderr -a 192.0.2.1:1 -u "$(id -un)" \
	    -m "$dir/conf" "$dir" 2>&1 ;;
	esac
}

# accepted NAME, refused NAME TEXT - what the program says about standard input
accepted() {
	cat >"$dir/conf"
	out=$(verdict)
	rc=$?
	case $program in
	tftpd) ! echo "$out" | grep -q -i 'rule\|map\|line' ;;	# it stops at the port instead
	*) [ $rc -eq 0 ] ;;
	esac && return
	echo "$1: refused ($rc): $(echo "$out" | tail -n 4 | cut -c1-200)"
	failed=1
}
refused() {
	cat >"$dir/conf"
	out=$(verdict)
	rc=$?
	[ $rc -gt 0 ] && [ $rc -lt 124 ] && echo "$out" | grep -q -e "$2" && return
	echo "$1: not refused with \"$2\" ($rc): $(echo "$out" | tail -n 4 | cut -c1-200)"
	failed=1
}

# --- dhcpd.conf(5)
program=dhcpd
nested() { rep "$1" 'group { '; rep "$1" '}'; echo; }
nested 400 | accepted dhcpd-nesting
nested 401 | refused dhcpd-nesting 'nest'
nested 200000 | refused dhcpd-nesting 'nest'
printf 'class "%s" { }\n' "$(rep 1499 c)" | accepted dhcpd-string
printf 'class "%s" { }\n' "$(rep 1500 c)" | refused dhcpd-string 'string constant larger'
printf 'option %s code 200 = text;\n' "$(rep 1499 o)" | accepted dhcpd-word
printf 'option %s code 200 = text;\n' "$(rep 1500 o)" | refused dhcpd-word 'token larger'
list() { printf 'option domain-name-servers 10.0.0.1'; rep "$1" ',10.0.0.1'; echo ';'; }
list 4095 | accepted dhcpd-value
list 4096 | refused dhcpd-value ''
hex() { printf 'option dhcp-client-identifier 01'; rep "$1" ':01'; echo ';'; }
hex 8191 | accepted dhcpd-octets
hex 8192 | refused dhcpd-octets ''
count 1 200000 'host h%d { hardware ethernet 02:00:00:%06x; }' |
    sed 's/02:00:00:\(..\)\(..\)\(..\)/02:00:00:\1:\2:\3/' | accepted dhcpd-hosts

# --- httpd.conf(5), httpd(8)
program=httpd
mkdir "$dir/html"
base="ServerRoot \"$dir\"
Listen 127.0.0.1:8080
ServerName x
DocumentRoot \"$dir/html\"
TypesConfig /dev/null
ErrorLog \"$dir/err\""
with() { echo "$base"; cat; }
sections() { rep "$1" '<IfModule core.c>
'; rep "$1" '</IfModule>
'; }
sections 32 | with | accepted httpd-sections
sections 33 | with | refused httpd-sections 'nest\|deep'
includes() {
	for i in $(count 1 "$1" '%d'); do
		echo "Include $dir/f$((i + 1))" >"$dir/f$i"
	done
	: >"$dir/f$(($1 + 1))"
	echo "Include $dir/f1"
}
includes 15 | with | accepted httpd-includes
includes 16 | with | refused httpd-includes 'nest\|deep\|includ'
echo "Include $dir/conf" | with | refused httpd-includes 'nest\|deep\|includ'
{ printf DirectoryIndex; rep 1024 ' i'; echo; } | with | accepted httpd-words
{ printf DirectoryIndex; rep 1025 ' i'; echo; } | with | refused httpd-words 'more than 1024'
count 1 1023 '<VirtualHost *:8080>
ServerName h%d
</VirtualHost>' | with | accepted httpd-hosts
count 1 1025 '<VirtualHost *:8080>
ServerName h%d
</VirtualHost>' | with | refused httpd-hosts 'more than 1024'
count 1 1024 'Define n%d x' | with | accepted httpd-defines
count 1 1025 'Define n%d x' | with | refused httpd-defines 'more than 1024'
count 1 65000 '<Location /l%d>
</Location>' | with | accepted httpd-sections-all
count 1 65536 '<Location /l%d>
</Location>' | with | refused httpd-sections-all 'more than 65535'
count 1 33 'Nonsense%d' | with >"$dir/conf"
n=$(verdict | grep -c 'Invalid command')
[ "$n" = 32 ] || { echo "httpd-errors: $n of 33 errors shown"; failed=1; }
echo "AliasMatch ^/$(rep 200 'a{5}')\$ $dir/html" | with | accepted httpd-regex
echo "AliasMatch ^/$(rep 300 'a{5}')\$ $dir/html" | with | refused httpd-regex ''
echo "AliasMatch ^/a{255}\$ $dir/html" | with | accepted httpd-repetition
echo "AliasMatch ^/a{256}\$ $dir/html" | with | refused httpd-repetition ''
{ echo "$base" | grep -v Listen; count 1 64 'Listen 127.0.0.1:%d'; } | accepted httpd-listen
{ echo "$base" | grep -v Listen; count 1 65 "Listen 127.0.0.1:%d
PidFile $dir/pid"; } | sed 's/:\([0-9]*\)$/:201\1/' >"$dir/conf"
timeout 10 "$build/httpd" -f "$dir/conf" -DFOREGROUND >"$dir/out" 2>&1
rc=$?
[ $rc = 1 ] || { echo "httpd-listen: a 65th socket is not refused ($rc)"; failed=1; }
logs() {
	count 1 "$1" "CustomLog $dir/log%d common" | with >"$dir/conf"
	sed -i 's/127.0.0.1:8080/127.0.0.1:20199/' "$dir/conf"
	echo "PidFile $dir/pid" >>"$dir/conf"
	timeout 10 "$build/httpd" -f "$dir/conf" -DFOREGROUND >"$dir/out" 2>&1
	rc=$?
}
logs 128
[ $rc = 1 ] || { echo "httpd-logs: 129 targets are not refused ($rc)"; failed=1; }

# --- in.tftpd(8)
program=tftpd
count 1 4096 'r ^%d$ x' | accepted tftpd-rules
count 1 4097 'r ^%d$ x' | refused tftpd-rules 'many\|rules'
echo "r ^$(rep 16000 a)\$ x" | accepted tftpd-rule-line
echo "r ^$(rep 16400 a)\$ x" | refused tftpd-rule-line 'long\|line'
rep 65500 '# 0123456789012345678901234567890123456789012345678901234567890
' | accepted tftpd-rule-file
rep 65600 '# 0123456789012345678901234567890123456789012345678901234567890
' | refused tftpd-rule-file 'large\|big\|long'
directories() {
	# shellcheck disable=SC2046 # a list of words
	timeout 20 "$build/in.tftpd" -l -a 192.0.2.1:1 -u "$(id -un)" $(rep "$1" '/tmp ') >/dev/null 2>&1
}
directories 64
[ $? -ne 64 ] || { echo "tftpd-directories: 64 are refused"; failed=1; }
directories 65
[ $? -eq 64 ] || { echo "tftpd-directories: 65 are not refused"; failed=1; }

exit $failed
