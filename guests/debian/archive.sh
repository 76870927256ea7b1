# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# For the scripts beside this one: Debian's archive for riscv64, by apt, with a root of its own in build/debian (lists,
# cache, status), so that the machine's packages and sources stay out of it; its proxy and its keyring apply.
# DEBIAN_MIRROR names another mirror than the machine's own.

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

# Waits for whoever else uses the archive, and reads its index.
open_archive() {
    command -v apt-get >/dev/null ||
        fail "Debian's packages are fetched by apt, which is not here; KERNEL= and INITRD= name files of yours"
    [ -r "$keyring" ] || fail "$keyring is missing (package debian-archive-keyring)"
    mirror=${DEBIAN_MIRROR:-$(own_mirror)}
    [ -n "$mirror" ] || fail "apt knows no archive of Debian here; name one with DEBIAN_MIRROR=URL"
    mkdir -p "$root"
    exec 9>"$root/lock"
    flock 9
    write_configuration
    echo "mullion: reading the index of Debian $suite ($mirror)"
    apt-get -q -c="$root/apt.conf" update >&2 || fail "cannot read $mirror; DEBIAN_MIRROR= names another mirror"
}

# The index serves once: the next fetch, if ever, wants today's.
close_archive() {
    rm -rf "$root/lists" "$root/cache"
}
