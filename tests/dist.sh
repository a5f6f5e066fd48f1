#!/bin/sh
# SPDX-License-Identifier: ISC
#
# dist.sh - dist/kickstand-VERSION.tar.gz, the same bytes from the same tree.
# The times in it are that of the last commit, or SOURCE_DATE_EPOCH.
set -eu
: "${VERSION:?}"
name=kickstand-$VERSION
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
mkdir -p dist
if [ -e .git ] && git ls-files >"$tmp/list" 2>/dev/null; then
	when=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
else
	find . -type f ! -path './build/*' ! -path './dist/*' | sed 's|^\./||' >"$tmp/list"
	when=${SOURCE_DATE_EPOCH:-0}
fi
LC_ALL=C sort -o "$tmp/list" "$tmp/list"
tar --format=ustar --owner=0 --group=0 --numeric-owner --mode=u+rw,go+r-w --mtime="@$when" \
    --transform="s|^|$name/|" --no-recursion -cf "$tmp/t.tar" -T "$tmp/list"
gzip -9n <"$tmp/t.tar" >"dist/$name.tar.gz"
echo "dist/$name.tar.gz $(sha256sum <"dist/$name.tar.gz" | cut -c1-64)"
