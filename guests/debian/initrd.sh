#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# initrd.sh OUTPUT: the initramfs of busybox (build/debian/busybox) and guests/debian/root.
# initrd.sh OUTPUT INITRD FOLDER: INITRD with a person's FOLDER added on top.
# All files belong to root in there, whoever runs this, and equal contents give an equal file. An OUTPUT that would not
# change is left untouched; one that changes, changes at once.
set -eu
umask 022

here=$(cd "$(dirname "$0")" && pwd)
output=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# archive FOLDER: its contents as a compressed cpio archive on standard output
archive() {
    (cd "$1" && find . | LC_ALL=C sort | cpio --quiet --reproducible -o -H newc -R 0:0 | gzip -9n)
}

if [ $# -eq 1 ]; then
    root=$work/root
    "$here/root.sh" "$root"
    find "$root" -exec touch -h -d @0 {} +
    archive "$root" >"$work/initrd"
else
    # The kernel takes concatenated archives, the later one's files winning; each starts at a multiple of 4 bytes.
    cp "$2" "$work/initrd"
    chmod u+w "$work/initrd"
    truncate -s %4 "$work/initrd"
    archive "$3" >>"$work/initrd"
fi

if ! cmp -s "$work/initrd" "$output"; then
    mkdir -p "$(dirname "$output")"
    cp "$work/initrd" "$output.partial"
    mv "$output.partial" "$output"
fi
