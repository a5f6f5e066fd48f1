#!/bin/sh
# SPDX-License-Identifier: ISC
# The stock configurations of CentOS 6 and 7, with only the paths that this
# machine lacks replaced, and what -t, -S, -M and -l say about them.
set -u
httpd=${BUILD:-build}/httpd
[ -x "$httpd" ] || { echo "SKIP no $httpd"; exit 77; }
httpd=$(cd "$(dirname "$httpd")" && pwd)/httpd
corpus=tests/corpus/httpd_conf
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
failed=0

# user and group of the package may not exist here: take our own
stock() {
	mkdir -p "$dir/$1/conf.d" "$dir/$1/conf.modules.d" "$dir/$1/html" "$dir/$1/logs"
	sed -e "s|\"/etc/httpd\"|\"$dir/$1\"|" \
	    -e "s|DocumentRoot \"/var/www/html\"|DocumentRoot \"$dir/$1/html\"|" \
	    -e "s|^User .*|User #$(id -u)|" -e "s|^Group .*|Group #$(id -g)|" \
	    -e 's|^TypesConfig .*|TypesConfig /dev/null|' \
	    -e 's|^    TypesConfig .*|    TypesConfig /dev/null|' \
	    "$corpus/$1" >"$dir/$1/httpd.conf"
	cp "$corpus/welcome" "$dir/$1/conf.d/welcome.conf"
	cp "$corpus/autoindex" "$dir/$1/conf.d/autoindex.conf"
	# TypesConfig stands in <IfModule>; /etc/mime.types may not be here.
	printf 'LoadModule %s_module modules/mod_%s.so\n' dir dir mime mime \
	    >"$dir/$1/conf.modules.d/00-base.conf"
}

# expect NAME WANT COMMAND...: standard output and error, paths shortened
expect() {
	name=$1 want=$2
	shift 2
	got=$("$@" 2>&1 | sed "s|$dir|DIR|g")
	[ "$got" = "$want" ] && return
	printf '%s: got\n%s\nwanted\n%s\n' "$name" "$got" "$want"
	failed=1
}

stock centos6
stock centos7
expect 'centos6 -t' "AH00117: Ignoring deprecated use of DefaultType in line \
$(grep -n '^DefaultType' "$dir/centos6/httpd.conf" | cut -d: -f1) of \
DIR/centos6/httpd.conf.
Syntax OK" "$httpd" -t -f "$dir/centos6/httpd.conf"
expect 'centos7 -t' 'Syntax OK' "$httpd" -t -f "$dir/centos7/httpd.conf"
expect 'centos7 -M' 'Loaded Modules:
 core_module (static)
 so_module (static)
 http_module (static)
 log_config_module (static)
 logio_module (static)
 unixd_module (static)
 version_module (static)
 dir_module (shared)
 mime_module (shared)' "$httpd" -M -f "$dir/centos7/httpd.conf"
expect '-l' 'Compiled in modules:
  core.c
  mod_so.c
  http_core.c
  mod_log_config.c
  mod_logio.c
  mod_unixd.c
  mod_version.c' "$httpd" -l

mkdir "$dir/logs"
cat >"$dir/vhosts" <<EOF
ServerRoot "$dir"
Listen 127.0.0.1:8080
ServerName main.example
DocumentRoot "$dir/centos7/html"
TypesConfig /dev/null
PidFile run/p
<VirtualHost *:80>
    ServerName one.example
    ServerAlias www.one.example *.wild.example
</VirtualHost>
<VirtualHost *:80>
    ServerName two.example
</VirtualHost>
<VirtualHost 10.0.0.1:81>
    ServerName lone.example
</VirtualHost>
EOF
expect '-S' 'VirtualHost configuration:
10.0.0.1:81            lone.example (DIR/vhosts:14)
*:80                   is a NameVirtualHost
         default server one.example (DIR/vhosts:7)
         port 80 namevhost one.example (DIR/vhosts:7)
                 alias www.one.example
                 wild alias *.wild.example
         port 80 namevhost two.example (DIR/vhosts:11)
ServerRoot: "DIR"
Main DocumentRoot: "DIR/centos7/html"
Main ErrorLog: "DIR/logs/error_log"
Mutex default: dir="DIR/run/" mechanism=default
PidFile: "DIR/run/p"
Define: DUMP_VHOSTS
Define: DUMP_RUN_CFG' "$httpd" -S -f "$dir/vhosts"

expect 'DUMP_INCLUDES' "Included configuration files:
  (*) DIR/centos7/httpd.conf
    ($(grep -n '^Include ' "$dir/centos7/httpd.conf" | cut -d: -f1)) \
DIR/centos7/conf.modules.d/00-base.conf
    ($(grep -n '^IncludeOptional' "$dir/centos7/httpd.conf" | cut -d: -f1)) \
DIR/centos7/conf.d/autoindex.conf
    ($(grep -n '^IncludeOptional' "$dir/centos7/httpd.conf" | cut -d: -f1)) \
DIR/centos7/conf.d/welcome.conf" \
    "$httpd" -t -D DUMP_INCLUDES -f "$dir/centos7/httpd.conf"

printf 'KeepAlive maybe\nNoSuch\n' >"$dir/bad"
expect 'both errors' "AH00526: Syntax error on line 1 of DIR/bad:
KeepAlive must be On or Off
AH00526: Syntax error on line 2 of DIR/bad:
Invalid command 'NoSuch', perhaps misspelled or defined by a module not \
included in the server configuration" "$httpd" -t -f "$dir/bad"
"$httpd" -t -f "$dir/bad" >/dev/null 2>&1 && { echo 'bad: exit 0'; failed=1; }

# what is no level, or lacks its argument
for want in '0 WARN' '0 Trace8' '1 trace9' '1 trace' '1 loud'; do
	"$httpd" -t -e "${want#* }" -f "$dir/vhosts" >/dev/null 2>&1
	[ $? = "${want% *}" ] || { echo "-e: not $want"; failed=1; }
done
expect '-e' 'httpd: option requires an argument -- e' \
    sh -c "'$httpd' -e 2>&1 | head -n 1"
expect '-Z' 'httpd: illegal option -- Z' sh -c "'$httpd' -Z 2>&1 | head -n 1"

# every directive is listed, with what becomes of it
"$httpd" -L >"$dir/L" 2>&1
for want in '^KeepAlive (core)' 'Accepted without effect' \
    'Not supported: TLS is not served here' '^<Directory> (core)'; do
	grep -q "$want" "$dir/L" || { echo "-L lacks $want"; failed=1; }
done
exit $failed
