#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# modules.sh OUTPUT INITRD MODULE...: INITRD with modules of Debian's kernel in /lib/modules, each by its path in
# build/debian/modules/kernel without suffix. Busybox's insmod unpacks what it loads.
set -eu
umask 022

here=$(cd "$(dirname "$0")" && pwd)
output=$1
initrd=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir -p "$work/lib/modules"
for module; do
    cp "$here/../../build/debian/modules/kernel/$module.ko.xz" "$work/lib/modules/"
done
find "$work" -exec touch -h -d @0 {} +
"$here/initrd.sh" "$output" "$initrd" "$work"
