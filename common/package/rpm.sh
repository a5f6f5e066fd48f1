#!/bin/sh
# SPDX-License-Identifier: ISC
#
# rpm.sh - dist/*.rpm from the tarball of make dist, the same bytes each time.
set -eu
: "${VERSION:?}"
command -v rpmbuild >/dev/null || { echo "make rpm needs rpmbuild" >&2; exit 1; }
tarball=dist/kickstand-$VERSION.tar.gz
top=$PWD/build/rpm
rm -rf "$top"
mkdir -p "$top/SOURCES"
cp "$tarball" "$top/SOURCES/"
tar -xzf "$tarball" -C "$top" "kickstand-$VERSION/Makefile"
SOURCE_DATE_EPOCH=$(stat -c %Y "$top/kickstand-$VERSION/Makefile")
export SOURCE_DATE_EPOCH
unset MAKEFLAGS MAKELEVEL MAKEOVERRIDES KS_CMDLINE KS_CPPFLAGS
# --nodeps: where there is rpmbuild but no database of packages, as on Debian
rpmbuild --quiet --nodeps --define "_topdir $top" --define "ks_version $VERSION" \
    --define "_smp_mflags -j$(nproc)" -bb common/package/kickstand.spec >"$top/log" 2>&1 ||
    { tail -n 40 "$top/log" >&2; exit 1; }
rm -f dist/kickstand-*.rpm
cp "$top"/RPMS/*/*.rpm dist/
for p in dist/kickstand-*.rpm; do
	echo "$p $(sha256sum <"$p" | cut -c1-64)"
done
