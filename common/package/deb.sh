#!/bin/sh
# SPDX-License-Identifier: ISC
#
# deb.sh - dist/*.deb from the tarball of make dist, the same bytes each time.
#
# What the peer's package owns too, its configuration, is no conffile of ours:
# dpkg would ask about it.  It lies in /usr/share/kickstand, and postinst copies
# what is missing.
set -eu
: "${VERSION:?}"
command -v dpkg-deb >/dev/null || { echo "make deb needs dpkg-deb" >&2; exit 1; }
arch=$(dpkg --print-architecture)
here=$PWD/common/package/debian
dist=$PWD/dist
top=$PWD/build/deb
tarball=$dist/kickstand-$VERSION.tar.gz
rm -rf "$top"
mkdir -p "$top"
tar -xzf "$tarball" -C "$top"
cd "$top/kickstand-$VERSION"
SOURCE_DATE_EPOCH=$(stat -c %Y Makefile)
export SOURCE_DATE_EPOCH
unset MAKEFLAGS MAKELEVEL MAKEOVERRIDES KS_CMDLINE KS_CPPFLAGS
flags="-fdebug-prefix-map=$PWD=."
all=$top/all
make -j"$(nproc)" DISTRO=debian CFLAGS="$flags" all >"$top/log" 2>&1 &&
    make DISTRO=debian CFLAGS="$flags" DESTDIR="$all" install >>"$top/log" 2>&1 ||
    { tail -n 40 "$top/log" >&2; exit 1; }
strip --strip-unneeded "$all"/usr/sbin/dhcpd "$all"/usr/sbin/in.tftpd "$all"/usr/sbin/httpd
# These two names belong to isc-dhcp-common, which clients need.
for page in dhcp-eval dhcp-options; do
	mv "$all/usr/share/man/man5/$page.5" "$all/usr/share/man/man5/$page.5ks"
done
find "$all/usr/share/man" -type f -exec gzip -9n {} +

# take PATTERN... - from the whole tree into the package
take() {
	for pattern; do
		for file in "$all"/$pattern; do
			to=$root/${file#"$all/"}
			mkdir -p "${to%/*}"
			mv "$file" "$to"
		done
	done
}

# share PATH... - a file below etc that the peer's package owns too
share() {
	for file; do
		mkdir -p "$root/usr/share/kickstand/${file%/*}"
		mv "$all/etc/$file" "$root/usr/share/kickstand/$file"
	done
}

# libraries PROGRAM - the packages it needs
libraries() {
	(cd "$top/kickstand-$VERSION" && mkdir -p debian &&
	    printf 'Source: kickstand\n\nPackage: kickstand\nArchitecture: any\n' >debian/control &&
	    dpkg-shlibdeps -O -e"$1" 2>/dev/null | sed -n 's/^shlibs:Depends=//p')
}

# finish PROGRAM UNIT - control files, then the package
finish() {
	doc=$root/usr/share/doc/$name
	mkdir -p "$root/DEBIAN" "$doc"
	cp README.md "$doc/"
	cp LICENSE "$doc/copyright"
	find "$root" -mindepth 1 -type d -exec chmod 755 {} +
	sed -e "s|@VERSION@|$VERSION|" -e "s|@ARCH@|$arch|" \
	    -e "s|@LIBS@|$(libraries "$root/usr/sbin/$1")|" \
	    -e "s|@SIZE@|$(du -sk --apparent-size "$root" | cut -f1)|" \
	    "$here/$name.control" >"$root/DEBIAN/control"
	shared=$(cd "$root/usr/share/kickstand" 2>/dev/null && find . -type f | sed 's|^\./||' |
	    LC_ALL=C sort | tr '\n' ' ')
	for script in postinst prerm postrm; do
		{
			printf '#!/bin/sh\nset -e\nunit=%s\nshared="%s"\n' "$2" "$shared"
			cat "$here/$name.sh" "$here/$script"
		} >"$root/DEBIAN/$script"
		chmod 755 "$root/DEBIAN/$script"
	done
	(cd "$root" && find etc -type f 2>/dev/null | sed 's|^|/|' | LC_ALL=C sort) >"$root/DEBIAN/conffiles"
	(cd "$root" && find . -type f ! -path './DEBIAN/*' -printf '%P\n' | LC_ALL=C sort |
	    xargs -d '\n' md5sum) >"$root/DEBIAN/md5sums"
	file=$dist/${name}_${VERSION}_$arch.deb
	dpkg-deb --root-owner-group -Zxz --build "$root" "$file" >/dev/null
	echo "dist/${file##*/} $(sha256sum <"$file" | cut -c1-64)"
}

name=kickstand-dhcpd root=$top/$name
take usr/sbin/dhcpd lib/systemd/system/isc-dhcp-server.service usr/share/man/man8/dhcpd.8.gz \
    'usr/share/man/man5/dhcp*' usr/lib/tmpfiles.d/kickstand-dhcpd.conf etc/xinetd.d/dhcpd \
    etc/apparmor.d var/lib/dhcp usr/share/doc/kickstand/examples/dhcpd
share dhcp/dhcpd.conf default/isc-dhcp-server
finish dhcpd isc-dhcp-server.service

name=kickstand-tftpd root=$top/$name
take usr/sbin/in.tftpd lib/systemd/system/tftpd-hpa.service usr/share/man/man8/in.tftpd.8.gz \
    'usr/lib/*/kickstand-tftpd.conf' etc/xinetd.d/tftp srv/tftp usr/share/doc/kickstand/examples/tftpd
share default/tftpd-hpa
finish in.tftpd tftpd-hpa.service

name=kickstand-httpd root=$top/$name
take usr/sbin/httpd usr/sbin/apache2 lib/systemd/system/apache2.service \
    usr/share/man/man8/httpd.8.gz usr/share/man/man5/httpd.conf.5.gz \
    usr/lib/tmpfiles.d/kickstand-httpd.conf etc/xinetd.d/httpd var/log/apache2 var/www/html \
    usr/share/doc/kickstand/examples/httpd
share apache2/apache2.conf apache2/envvars logrotate.d/apache2
finish httpd apache2.service

rm "$all/usr/share/doc/kickstand/README.md" "$all/usr/share/doc/kickstand/LICENSE"
left=$(find "$all" ! -type d)
[ -z "$left" ] || { echo "in no package: $left" >&2; exit 1; }
