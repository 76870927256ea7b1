#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Brings Debian's perf and the libraries that it is linked with into build/debian/perf, a folder to add to an initramfs
# (INITRD_ADD=build/debian/perf). 44 MB of packages; what is there is never fetched again.
set -eu

# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/archive.sh"

work=$root/perf.partial
libraries=lib/riscv64-linux-gnu

# add FILE...: into the folder, with all that they need
add() {
    for file; do
        [ ! -e "$work/perf/$libraries/${file##*/}" ] || continue
        found=$(find "$work/all/usr/lib" -maxdepth 2 -name "$file" | head -n 1)
        [ -n "$found" ] || fail "perf needs $file, which is in none of its packages"
        cp -L "$found" "$work/perf/$libraries/$file"
        add_needed "$found"
    done
}

add_needed() {
    # shellcheck disable=SC2046 # a word for each library
    add $(readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
}

if [ -s "$root/perf/bin/perf" ]; then
    exit 0
fi
open_archive
rm -rf "$work"
mkdir -p "$work/packages" "$work/all" "$work/perf/bin" "$work/perf/$libraries"
packages=$(apt-get -q -s -c="$root/apt.conf" --no-install-recommends install linux-perf | sed -n 's/^Inst \([^ ]*\).*/\1/p')
echo "mullion: fetching linux-perf and what it needs (44 MB)"
# shellcheck disable=SC2086 # a word for each package
(cd "$work/packages" && apt-get -q -c="$root/apt.conf" download $packages >&2) ||
    fail "cannot download linux-perf from $mirror; DEBIAN_MIRROR= names another mirror"
for package in "$work/packages"/*.deb; do
    dpkg-deb -x "$package" "$work/all"
done
cp "$work/all/usr/bin/perf" "$work/perf/bin/perf"
add_needed "$work/perf/bin/perf"
# The kernel finds the loader by the name that perf gives it.
mv "$work/perf/$libraries"/ld-linux-*.so.1 "$work/perf/lib/"
rm -rf "$root/perf"
mv "$work/perf" "$root/perf"
rm -rf "$work"
close_archive
