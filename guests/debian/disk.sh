#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# disk.sh OUTPUT: an ext4 root for a guest with a disk: that of root.sh, and guests/debian/disk/root on top. No root
# rights are needed; OUTPUT changes at once.
set -eu
umask 022

here=$(cd "$(dirname "$0")" && pwd)
output=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# mke2fs is where only root's PATH leads.
PATH=$PATH:/usr/sbin:/sbin

root=$work/root
"$here/root.sh" "$root"
cp -R "$here/disk/root/." "$root"
chmod -R u=rwX,go=rX "$root"
truncate -s 32M "$work/disk"
mke2fs -q -t ext4 -E root_owner=0:0 -L mullion -d "$root" "$work/disk"
mkdir -p "$(dirname "$output")"
cp --sparse=always "$work/disk" "$output.partial"
mv "$output.partial" "$output"
