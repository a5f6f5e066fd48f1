#!/bin/sh
# SPDX-License-Identifier: ISC
# apt reads a repository from httpd and goes on with a download broken off
# before: a range, held together by If-Range.
. tests/sys/lib.sh
HTTPD=${HTTPD:-$BUILD/httpd}
need apt-get dpkg-deb gzip
private

mkdir -p $W/root/pkg/DEBIAN $W/root/repo $W/root/logs $W/apt/lists/partial \
    $W/apt/cache/archives/partial
cat >$W/root/pkg/DEBIAN/control <<'CONTROL'
Package: kickstand-test
Version: 1.0
Architecture: all
Maintainer: nobody <nobody@example.org>
Description: something to fetch
CONTROL
head -c 3000000 /dev/urandom >$W/root/pkg/payload
deb=$W/root/repo/kickstand-test_1.0_all.deb
dpkg-deb -Znone -b $W/root/pkg $deb >/dev/null || fail "dpkg-deb"
{
	cat $W/root/pkg/DEBIAN/control
	echo "Filename: ./kickstand-test_1.0_all.deb"
	echo "Size: $(stat -c %s $deb)"
	echo "SHA256: $(sha256sum $deb | cut -d' ' -f1)"
} >$W/root/repo/Packages
gzip -k $W/root/repo/Packages

cat >$W/httpd.conf <<CONF
ServerRoot "$W/root"
PidFile $W/httpd.pid
Listen 127.0.0.1:8080
ServerName localhost
DocumentRoot "$W/root"
<Directory "$W/root">
    Require all granted
</Directory>
ErrorLog $W/error_log
CustomLog $W/access_log "%r %>s %B"
CONF
"$HTTPD" -f $W/httpd.conf -DFOREGROUND >$W/out 2>&1 &
until_true 5 test -s $W/httpd.pid || { cat $W/out; fail "httpd does not start"; }

echo "deb [trusted=yes] http://127.0.0.1:8080/repo ./" >$W/apt/sources
: >$W/apt/status
apt() {
	timeout 60 apt-get -q -o Dir::Etc=$W/apt -o Dir::Etc::SourceList=$W/apt/sources \
	    -o Dir::Etc::SourceParts=- -o Dir::State=$W/apt \
	    -o Dir::State::status=$W/apt/status -o Dir::Cache=$W/apt/cache \
	    -o APT::Sandbox::User= -o Acquire::Languages=none \
	    -o Acquire::http::Proxy=DIRECT "$@" >$W/out 2>&1 ||
	    { cat $W/out $W/access_log; fail "apt-get $*"; }
}
apt update
pass "apt-get update"
part=$W/apt/cache/archives/partial/kickstand-test_1.0_all.deb
head -c 1234567 $deb >$part
touch -r $deb $part
apt -y --download-only install kickstand-test
cmp $deb $W/apt/cache/archives/kickstand-test_1.0_all.deb ||
    fail "apt got other bytes"
until_true 5 grep -q 'kickstand-test_1.0_all.deb HTTP/1.1 206' $W/access_log ||
    { cat $W/access_log; fail "the download was not gone on with"; }
pass "a broken download is gone on with"
