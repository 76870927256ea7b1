#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Brings Debian's riscv64 kernel, its modules and busybox into build/debian/linux, /modules (as /lib/modules/VERSION of
# the package has them) and /busybox.
#
# What is there is never fetched again: remove build/debian for a newer kernel.
set -eu

# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/archive.sh"

# A compressed Image is unpacked: nothing on the way to the guest's memory would do it.
unpack() {
    if [ "$(od -An -N2 -tx1 "$1")" = ' 1f 8b' ]; then
        gzip -dc "$1" >"$1.unpacked"
        mv "$1.unpacked" "$1"
    fi
}

# download PACKAGE: its files, below $root/partial. They carry the package's times; make wants to know when they came.
download() {
    rm -rf "$root/partial"
    mkdir "$root/partial"
    (cd "$root/partial" && apt-get -q -c="$root/apt.conf" download "$1" >&2) ||
        fail "cannot download $1 from $mirror; DEBIAN_MIRROR= names another mirror"
    echo "mullion: unpacking $1"
    dpkg-deb -x "$root/partial/$1"_*.deb "$root/partial"
}

# A kernel and its modules are of one package: neither is good without the other.
fetch_kernel() {
    # The meta-package depends on exactly one kernel: today's.
    package=$(apt-cache -c="$root/apt.conf" show --no-all-versions linux-image-riscv64 |
        sed -n 's/^Depends: .*\(linux-image-[0-9][^ ,]*\).*/\1/p')
    [ -n "$package" ] || fail "linux-image-riscv64 names no kernel"
    echo "mullion: fetching $package (110 MB)"
    download "$package"
    version=${package#linux-image-}
    unpack "$root/partial/boot/"vmlinu[xz]-"$version"
    rm -rf "$root/modules"
    mv "$root/partial/boot/"vmlinu[xz]-"$version" "$root/linux"
    mv "$root/partial/usr/lib/modules/$version" "$root/modules"
    touch "$root/linux" "$root/modules"
    rm -rf "$root/partial"
}

fetch_busybox() {
    echo "mullion: fetching busybox-static"
    download busybox-static
    mv "$root/partial/usr/bin/busybox" "$root/busybox"
    touch "$root/busybox"
    rm -rf "$root/partial"
}

if [ -s "$root/linux" ] && [ -d "$root/modules" ] && [ -s "$root/busybox" ]; then
    exit 0
fi
open_archive

[ -s "$root/linux" ] && [ -d "$root/modules" ] || fetch_kernel
[ -s "$root/busybox" ] || fetch_busybox
close_archive
