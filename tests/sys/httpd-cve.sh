#!/bin/sh
# SPDX-License-Identifier: ISC
# httpd against attacks that were published for Apache, lighttpd and nginx;
# tests/cve.tsv says which is which.
. tests/sys/lib.sh
need python3
private
H=$W/html
mkdir -p $H/dir $H/opt $H/img $W/logs $W/cgi $W/imgsecret
chmod 755 $W $H $W/cgi
echo file >$H/file
echo picture >$H/img/a.png
mkdir $W/pics
echo picture >$W/pics/a.png
echo secret >$W/imgsecret/secret
cp $W/imgsecret/secret $W/picssecret
echo script >"$H/dir/x.sec"
printf 'script\n' >"$H/dir/x.sec
"
printf '<Limit NONSENSE0 NONSENSE1 NONSENSE2>\nRequire all denied\n</Limit>\n' >$H/opt/.htaccess
printf '#!/bin/sh\nsleep 60\n' >$W/cgi/deaf
printf '#!/bin/sh\nprintf "Content-Type: text/plain\\r\\n\\r\\n$HTTP_X_SECRET|$HTTP_X_TRAILER|$HTTP_PROXY\\n"\n' >$W/cgi/env
printf '#!/bin/sh\nprintf "Content-Type: text/plain\\r\\n\\r\\n"; while echo 0123456789012345678901234567890123456789; do :; done\n' >$W/cgi/endless
printf '#!/bin/sh\nprintf "Status: 200 OK\\nX: a\\rSet-Cookie: evil\\nContent-Type: text/plain\\n\\nbody\\n"\n' >$W/cgi/split
chmod 755 $W/cgi/*
cat >$W/conf <<E
ServerRoot "$W"
PidFile "$W/pid"
ServerName test
Listen 127.0.0.1:8080
User nobody
Group nogroup
DocumentRoot "$H"
ErrorLog "$W/logs/error"
LogFormat "%h %u \"%r\" %>s \"%{x}C\" \"%{User-Agent}i\"" odd
CustomLog "$W/logs/access" odd
TypesConfig /dev/null
Timeout 2
KeepAliveTimeout 5
ErrorDocument 400 /file
ErrorDocument 404 /file
RequestHeader unset X-Secret
Alias /pics $W/pics
ScriptAlias /cgi-bin/ $W/cgi/
RedirectMatch ^/old/(.*)\$ http://safe.example/\$1
<Directory "$W">
    Require all granted
</Directory>
<Directory "$H/opt">
    AllowOverride All
</Directory>
<FilesMatch "\.sec\$">
    Require all denied
</FilesMatch>
<Location /status>
    SetHandler server-status
</Location>
E
[ "$(id -u)" = 0 ] || sed -i '/^User/d;/^Group/d' $W/conf
chmod 777 $W/logs
"$BUILD/httpd" -f $W/conf -DFOREGROUND >$W/out 2>&1 &
server=$!
until_true 5 test -s $W/pid || fail "does not start: $(cat $W/out)"
python3 tests/sys/httpd-cve.py $server $W || fail "see above"
kill -0 $server || fail "the server has gone"
kill -TERM $server
wait $server || fail "exit status $?"
