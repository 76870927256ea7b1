#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# root.sh FOLDER: makes FOLDER the root of a guest: busybox (build/debian/busybox) and guests/debian/root.
set -eu
umask 022

here=$(cd "$(dirname "$0")" && pwd)
root=$1

mkdir "$root"
cp -R "$here/root/." "$root"
for folder in bin dev proc root run sys tmp; do
    mkdir "$root/$folder"
done
install -m 755 "$here/../../build/debian/busybox" "$root/bin/busybox"
chmod -R u=rwX,go=rX "$root"
