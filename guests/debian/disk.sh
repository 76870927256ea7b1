#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# disk.sh initrd OUTPUT INITRD: INITRD with the drivers of a disk and a network device, going on from the disk.
# disk.sh disk OUTPUT: an ext4 root for such a guest: busybox (build/debian/busybox), guests/debian/root and disk/root.
# No root rights are needed; an OUTPUT changes at once.
set -eu
umask 022

here=$(cd "$(dirname "$0")" && pwd)
debian=$here/../../build/debian
output=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# mke2fs is where only root's PATH leads.
PATH=$PATH:/usr/sbin:/sbin

make_initrd() {
    cp -R "$here/disk/initrd/." "$work"
    mkdir -p "$work/lib/modules"
    # Busybox unpacks what it loads. The list is in the order in which they need each other.
    while read -r module; do
        cp "$debian/modules/kernel/$module.ko.xz" "$work/lib/modules/"
        basename "$module" >>"$work/lib/modules/order"
    done <"$here/disk/modules"
    chmod -R u=rwX,go=rX "$work"
    find "$work" -exec touch -h -d @0 {} +
    "$here/initrd.sh" "$output" "$1" "$work"
}

make_disk() {
    root=$work/root
    mkdir "$root"
    cp -R "$here/root/." "$here/disk/root/." "$root"
    for folder in bin dev proc root run sys tmp; do
        mkdir "$root/$folder"
    done
    install -m 755 "$debian/busybox" "$root/bin/busybox"
    chmod -R u=rwX,go=rX "$root"
    truncate -s 32M "$work/disk"
    mke2fs -q -t ext4 -E root_owner=0:0 -L mullion -d "$root" "$work/disk"
    mkdir -p "$(dirname "$output")"
    cp --sparse=always "$work/disk" "$output.partial"
    mv "$output.partial" "$output"
}

case $1 in
initrd) make_initrd "$3" ;;
disk) make_disk ;;
esac
