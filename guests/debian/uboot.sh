#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Brings Debian's U-Boot for S-mode on QEMU's riscv64 machine into build/debian/u-boot. 2 MB to download; what is there is
# never fetched again.
set -eu

# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/archive.sh"

if [ -s "$root/u-boot" ]; then
    exit 0
fi
open_archive
work=$root/u-boot.partial
rm -rf "$work"
mkdir "$work"
echo "mullion: fetching u-boot-qemu"
(cd "$work" && apt-get -q -c="$root/apt.conf" download u-boot-qemu >&2) ||
    fail "cannot download u-boot-qemu from $mirror; DEBIAN_MIRROR= names another mirror"
dpkg-deb -x "$work"/u-boot-qemu_*.deb "$work"
mv "$work/usr/lib/u-boot/qemu-riscv64_smode/u-boot.bin" "$root/u-boot"
touch "$root/u-boot"
rm -rf "$work"
close_archive
