#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# install.sh PACKAGE...: installs them with apt, as root. The package lists are updated only where they are missing or
# stale. On Debian 12, QEMU and OpenSBI come from backports: by a source that lives as long as this script, made from the
# machine's own (mirror, options, key).
set -eu

oldest_qemu=9
days_until_stale=7
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
# apt's own user reads in here.
chmod 755 "$work"
export DEBIAN_FRONTEND=noninteractive

fail() {
    echo "mullion: $*" >&2
    exit 1
}

apt() {
    apt-get -q -y -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 "$@"
}

update() {
    echo "mullion: updating the package lists"
    apt update || fail "apt-get update failed"
}

# The directory's time, not the files': those carry the mirror's.
lists_are_fresh() {
    ls /var/lib/apt/lists/*_Packages* >/dev/null 2>&1 &&
        [ -n "$(find /var/lib/apt/lists/partial -maxdepth 0 -mtime "-$days_until_stale")" ]
}

# Lists can be stale before their time: then what they name is not on the mirror any more.
install() {
    echo "mullion: installing $*"
    apt install --no-install-recommends "$@" && return
    update
    apt install --no-install-recommends "$@" || fail "apt could not install: $*"
}

# Debian 13 and later have a package for riscv, Ubuntu has qemu-system-misc. The version is behind Debian's epoch.
qemu_package() {
    for package in qemu-system-riscv qemu-system-misc; do
        version=$(apt-cache policy $package | sed -n 's/^  Candidate: \([0-9]*:\)\{0,1\}\([0-9]*\).*/\2/p')
        if [ "${version:-0}" -ge $oldest_qemu ]; then
            echo $package
            return
        fi
    done
    fail "this system's QEMU is older than $oldest_qemu: name another with QEMU=/path/to/qemu-system-riscv64"
}

is_bookworm() {
    # shellcheck source=/dev/null
    [ "$(. /etc/os-release && echo "${VERSION_CODENAME:-}")" = bookworm ]
}

# The machine's source of Debian 12 itself, turned to backports, in whichever of apt's two formats it is: apt names file
# and line, or file and paragraph.
write_backports_source() {
    # shellcheck disable=SC2016 # the variables are apt's
    entry=$(apt-get indextargets --format '$(RELEASE)|$(COMPONENT)|$(SOURCESENTRY)' 'Identifier: Packages' |
        sed -n 's/^\(bookworm\|oldstable\|stable\)|main|//p' | head -n 1)
    file=${entry%:*}
    number=${entry##*:}
    case $file in
    *.sources)
        grep -v '^#' "$file" | awk -v RS= -v number="$number" 'NR == number' |
            sed -e 's/^suites:.*/Suites: bookworm-backports/I' -e 's/^types:.*/Types: deb/I' >"$1.sources"
        ;;
    *.list)
        sed -n "${number}s/[[:space:]]\(bookworm\|oldstable\|stable\)[[:space:]]/ bookworm-backports /p" "$file" >"$1.list"
        ;;
    *)
        fail "apt has no source of Debian 12 (bookworm) to take its backports from"
        ;;
    esac
}

# The lists of backports must not stay behind either, so apt works on a copy of them, made of links.
prepare_backports() {
    mkdir "$work/sources"
    write_backports_source "$work/sources/mullion-backports"
    cp -as /var/lib/apt/lists "$work/lists"
    rm -rf "$work/lists/partial" "$work/lists/lock"
    echo "mullion: reading the index of bookworm-backports"
    apt "$@" -o Dir::Etc::sourcelist=/dev/null -o APT::Get::List-Cleanup=false update ||
        fail "cannot read bookworm-backports"
    copy_settings sourceparts sources
}

# copy_settings PARTS FOLDER: those of the machine, beside ours
copy_settings() {
    parts=
    eval "$(apt-config shell parts "Dir::Etc::$1/d")"
    cp -R "$parts/." "$work/$2/"
}

# Only these are wanted from backports: a library that came along would stand in the way of its -dev package later.
write_preferences() {
    mkdir "$work/preferences"
    copy_settings preferencesparts preferences
    cat >"$work/preferences/00mullion" <<EOF
Package: src:qemu src:opensbi
Pin: release n=bookworm-backports
Pin-Priority: 990
EOF
}

install_from_backports() {
    set -- -o Dir::State::lists="$work/lists" -o Dir::Etc::sourceparts="$work/sources" \
        -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=
    prepare_backports "$@"
    write_preferences
    echo "mullion: installing qemu-system-riscv opensbi from bookworm-backports"
    apt "$@" -o Dir::Etc::preferencesparts="$work/preferences" install --no-install-recommends qemu-system-riscv opensbi ||
        fail "apt could not install QEMU from bookworm-backports"
}

[ "$(id -u)" -eq 0 ] || fail "install.sh must run as root"
lists_are_fresh || update

# Debian 12's own QEMU and firmware are too old. Elsewhere, whether there is a QEMU is clear before anything changes.
packages=
backports=
for package in "$@"; do
    case $package in
    qemu-system-riscv | opensbi)
        if is_bookworm; then
            backports=yes
            continue
        fi
        [ "$package" = opensbi ] || package=$(qemu_package)
        ;;
    esac
    packages="$packages $package"
done
# shellcheck disable=SC2086 # words, on purpose
[ -z "$packages" ] || install $packages
[ -z "$backports" ] || install_from_backports
