#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# modules.sh OUTPUT INITRD FOLDER: INITRD with the kernel modules that FOLDER/modules lists, and FOLDER/initrd on top
# where there is one.
#
# The list has their paths in build/debian/modules/kernel without suffix, in the order in which they need each other;
# they go to /lib/modules, where `order` has their names. Busybox's insmod unpacks what it loads.
set -eu
umask 022

here=$(cd "$(dirname "$0")" && pwd)
output=$1
initrd=$2
folder=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

[ ! -d "$folder/initrd" ] || cp -R "$folder/initrd/." "$work"
mkdir -p "$work/lib/modules"
while read -r module; do
    cp "$here/../../build/debian/modules/kernel/$module.ko.xz" "$work/lib/modules/"
    basename "$module" >>"$work/lib/modules/order"
done <"$folder/modules"
chmod -R u=rwX,go=rX "$work"
find "$work" -exec touch -h -d @0 {} +
"$here/initrd.sh" "$output" "$initrd" "$work"
