#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Brings Debian's riscv64 kernel and busybox into build/debian/linux and build/debian/busybox.
#
# apt does the work, with a root of its own in build/debian (lists, cache, status), so that the machine's packages and
# sources stay out of it; its proxy and its keyring apply. What is there is never fetched again: remove build/debian for
# a newer kernel. DEBIAN_MIRROR names another mirror than the machine's own.
set -eu

suite=trixie
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
repository=$(cd "$(dirname "$0")/../.." && pwd)
root=$repository/build/debian

fail() {
    echo "mullion: $*" >&2
    exit 1
}

# The archive that this machine's own packages come from, if they are Debian's.
own_mirror() {
    [ "$(. /etc/os-release && echo "$ID")" = debian ] || return 0
    codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Identifier: Packages' |
        sed -n "s/^$codename //p" | head -n 1
}

# Cleared: hooks and settings that are about the machine's own packages.
write_configuration() {
    mkdir -p "$root/lists/partial" "$root/cache/archives/partial" "$root/none"
    : >"$root/status"
    cat >"$root/apt.conf" <<EOF
#clear APT::Architectures;
#clear APT::Update;
#clear DPkg;
APT::Architecture "riscv64";
APT::Architectures { "riscv64"; };
APT::Default-Release "";
APT::Sandbox::User "root";
Acquire::Languages { "none"; };
Acquire::GzipIndexes "true";
Acquire::Retries "3";
Dir::State "$root";
Dir::State::lists "$root/lists";
Dir::State::status "$root/status";
Dir::Cache "$root/cache";
Dir::Etc::sourcelist "$root/debian.sources";
Dir::Etc::sourceparts "$root/none";
Dir::Etc::preferences "$root/none/preferences";
Dir::Etc::preferencesparts "$root/none";
EOF
    cat >"$root/debian.sources" <<EOF
Types: deb
URIs: $mirror
Suites: $suite
Components: main
Architectures: riscv64
Targets: Packages
Signed-By: $keyring
EOF
}

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
command -v apt-get >/dev/null ||
    fail "Debian's kernel is fetched by apt, which is not here; KERNEL= and INITRD= name files of yours"
[ -r "$keyring" ] || fail "$keyring is missing (package debian-archive-keyring)"
mirror=${DEBIAN_MIRROR:-$(own_mirror)}
[ -n "$mirror" ] || fail "apt knows no archive of Debian here; name one with DEBIAN_MIRROR=URL"
mkdir -p "$root"
exec 9>"$root/lock"
flock 9
write_configuration
echo "mullion: reading the index of Debian $suite ($mirror)"
apt-get -q -c="$root/apt.conf" update >&2 || fail "cannot read $mirror; DEBIAN_MIRROR= names another mirror"

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
# The index serves once: the next fetch, if ever, wants today's.
rm -rf "$root/lists" "$root/cache"
