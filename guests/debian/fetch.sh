#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Brings Debian's riscv64 kernel and busybox into build/debian/linux and build/debian/busybox.
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

# extract PACKAGE MEMBER FILE: one file of a package that is downloaded and dropped again; whole or not at all
extract() {
    rm -rf "$root/partial"
    mkdir "$root/partial"
    (cd "$root/partial" && apt-get -q -c="$root/apt.conf" download "$1" >&2) ||
        fail "cannot download $1 from $mirror; DEBIAN_MIRROR= names another mirror"
    echo "mullion: unpacking $1"
    dpkg-deb --fsys-tarfile "$root/partial/$1"_*.deb | tar -xO --wildcards "$2" >"$root/partial/file"
    [ -s "$root/partial/file" ] || fail "$1 holds no $2"
    unpack "$root/partial/file"
    mv "$root/partial/file" "$3"
    rm -rf "$root/partial"
}

if [ -s "$root/linux" ] && [ -s "$root/busybox" ]; then
    exit 0
fi
open_archive

if [ ! -s "$root/linux" ]; then
    # The meta-package depends on exactly one kernel: today's.
    package=$(apt-cache -c="$root/apt.conf" show --no-all-versions linux-image-riscv64 |
        sed -n 's/^Depends: .*\(linux-image-[0-9][^ ,]*\).*/\1/p')
    [ -n "$package" ] || fail "linux-image-riscv64 names no kernel"
    echo "mullion: fetching $package (110 MB)"
    extract "$package" './boot/vmlinu[xz]-*' "$root/linux"
fi
if [ ! -s "$root/busybox" ]; then
    echo "mullion: fetching busybox-static"
    extract busybox-static './usr/bin/busybox' "$root/busybox"
fi
close_archive
