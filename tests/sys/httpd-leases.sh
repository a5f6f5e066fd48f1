#!/bin/sh
# SPDX-License-Identifier: ISC
# One kickstart file per machine, by dhcpd's leases file, and a path only for
# machines with a lease: while the file changes, through curl.
set -u
httpd=${BUILD:-build}/httpd
[ -x "$httpd" ] || { echo "SKIP no $httpd"; exit 77; }
command -v curl >/dev/null || { echo 'SKIP no curl'; exit 77; }
dir=$(mktemp -d) || exit 1
trap 'kill "$pid" 2>/dev/null; rm -rf "$dir"' EXIT
pid=
port=$((20000 + $$ % 20000))
failed=0
chmod 755 "$dir"
mkdir "$dir/www" "$dir/ks" "$dir/www/only" "$dir/www/users"
echo list >"$dir/www/users/x"
echo default >"$dir/www/ks.cfg"
echo secret >"$dir/www/only/x"
echo mine >"$dir/ks/52-54-00-12-34-56.cfg"
cat >"$dir/conf" <<EOF
ServerRoot $dir
Listen 127.0.0.1:$port
DocumentRoot $dir/www
ErrorLog error_log
PidFile pid
TypesConfig /dev/null
DhcpLeases leases
DhcpAlias /ks.cfg $dir/ks/%d.cfg
LogFormat "%{DHCP_MAC}e %U %>s" machines
CustomLog machines_log machines
<Location /only>
Require dhcp-lease
</Location>
<Location /users>
AuthType Basic
AuthName a
AuthUserFile users
Require valid-user
</Location>
EOF

lease() {	# STATE YEAR MAC
	cat >>"$dir/leases" <<EOF
lease 127.0.0.1 {
  starts 0 2020/11/22 10:00:00;
  ends 0 $2/11/22 10:00:00;
  binding state $1;
  hardware ethernet $3;
}
EOF
	sleep 1.3	# the server may keep a file's text for a second
}

want() {	# PATH STATUS [BODY]
	got=$(curl -s -w ' %{http_code}' "http://127.0.0.1:$port$1" |
	    tr '\n' ' ')
	case $got in
	"${3:-}"*" $2") ;;
	*)
		echo "$1: got $got, wanted $2 ${3:-}"
		failed=1
		;;
	esac
}

"$httpd" -f "$dir/conf" -DFOREGROUND 2>"$dir/err" &
pid=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do
	curl -s -o /dev/null "http://127.0.0.1:$port/" && break
	sleep 0.3
done
want /ks.cfg 200 default	# no leases file yet
want /only/x 403
lease active 2099 52:54:00:12:34:56
want /ks.cfg 200 mine
want /only/x 200 secret
lease active 2099 52:54:00:aa:bb:cc
want /ks.cfg 200 default	# a machine without a file of its own
want /only/x 200 secret
lease free 2099 52:54:00:aa:bb:cc
want /only/x 403
lease active 2021 52:54:00:12:34:56
want /ks.cfg 200 default	# ended long ago
want /only/x 403
lease active 2099 52:54:00:12:34:56
# many machines, and many users: more than the memory of a request
i=0
while [ $i -lt 2500 ]; do
	i=$((i + 1))
	printf 'lease 10.0.%d.%d {\n  ends never;\n  binding state active;\n' \
	    $((i / 256)) $((i % 256))
	printf '  hardware ethernet 52:54:00:00:%02x:%02x;\n}\n' \
	    $((i / 256)) $((i % 256))
	echo "user$i:{SHA}unknown=$i=================" >&3
done >>"$dir/leases" 3>"$dir/users"
echo 'joe:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=' >>"$dir/users"
sleep 1.3
want /ks.cfg 200 mine
want /only/x 200 secret
want /users/x 401
[ "$(curl -s -u joe:password "http://127.0.0.1:$port/users/x")" = list ] || {
	echo 'joe does not get in'
	failed=1
}
too_large() {
	head -c 17000000 /dev/zero | tr '\0' '\n' >>"$dir/$1"
	sleep 1.3
}
too_large leases
want /ks.cfg 200 default
want /only/x 403
too_large users
[ "$(curl -s -o /dev/null -w '%{http_code}' -u joe:password \
    "http://127.0.0.1:$port/users/x")" = 500 ] || {
	echo 'passwords are found behind the limit'
	failed=1
}
sleep 1.3
grep -q '^52:54:00:12:34:56 /ks.cfg 200$' "$dir/machines_log" || {
	echo 'the log does not name the machine:'
	cat "$dir/machines_log"
	failed=1
}
exit $failed
