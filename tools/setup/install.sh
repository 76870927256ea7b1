#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# install.sh PACKAGE...: installs them with apt, as root. The package lists are updated only where they are missing or
# stale. On Debian 12, QEMU and OpenSBI come from backports; on Debian 13, which has no dt-schema, that comes from the next
# release: by a source that lives as long as this script, made from the machine's own (mirror, options, key).
set -eu

oldest_qemu=10
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

# The release of the machine, and the suite that it borrows packages from.
# shellcheck source=/dev/null
codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
case $codename in
bookworm) suite=bookworm-backports ;;
trixie) suite=forky ;;
*) suite= ;;
esac

is_borrowed() {
    case $suite:$1 in
    bookworm-backports:qemu-system-riscv | bookworm-backports:opensbi | forky:dt-schema) ;;
    *) return 1 ;;
    esac
}

# The machine's source of its own release, turned to that suite, in whichever of apt's two formats it is: apt names file
# and line, or file and paragraph.
write_source() {
    # shellcheck disable=SC2016 # the variables are apt's
    entry=$(apt-get indextargets --format '$(RELEASE)|$(COMPONENT)|$(SOURCESENTRY)' 'Identifier: Packages' |
        sed -n "s/^\\($codename\\|oldstable\\|stable\\)|main|//p" | head -n 1)
    file=${entry%:*}
    number=${entry##*:}
    case $file in
    *.sources)
        grep -v '^#' "$file" | awk -v RS= -v number="$number" 'NR == number' |
            sed -e "s/^suites:.*/Suites: $suite/I" -e 's/^types:.*/Types: deb/I' >"$1.sources"
        ;;
    *.list)
        sed -n "${number}s/[[:space:]]\($codename\|oldstable\|stable\)[[:space:]]/ $suite /p" "$file" >"$1.list"
        ;;
    *)
        fail "apt has no source of $codename from which to make one of $suite"
        ;;
    esac
}

# The lists of that suite must not stay behind either, so apt works on a copy of them, made of links.
prepare_lists() {
    mkdir "$work/sources"
    write_source "$work/sources/mullion"
    cp -as /var/lib/apt/lists "$work/lists"
    rm -rf "$work/lists/partial" "$work/lists/lock"
    echo "mullion: reading the index of $suite"
    # A mirror that is weeks behind will do, too: what is borrowed is signed all the same.
    apt "$@" -o Dir::Etc::sourcelist=/dev/null -o APT::Get::List-Cleanup=false \
        -o Acquire::Check-Valid-Until=false update || fail "cannot read $suite"
    copy_settings sourceparts sources
}

# copy_settings PARTS FOLDER: those of the machine, beside ours
copy_settings() {
    parts=
    eval "$(apt-config shell parts "Dir::Etc::$1/d")"
    cp -R "$parts/." "$work/$2/"
}

# Only these are wanted from there: a library that came along would stand in the way of its -dev package later.
write_preferences() {
    mkdir "$work/preferences"
    copy_settings preferencesparts preferences
    cat >"$work/preferences/00mullion" <<EOF
Package: *
Pin: release n=$suite
Pin-Priority: 100

Package: src:qemu src:opensbi src:dt-schema
Pin: release n=$suite
Pin-Priority: 990
EOF
}

# install_borrowed PACKAGE...
install_borrowed() {
    names=$*
    set -- -o Dir::State::lists="$work/lists" -o Dir::Etc::sourceparts="$work/sources" \
        -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=
    prepare_lists "$@"
    write_preferences
    echo "mullion: installing $names from $suite"
    # shellcheck disable=SC2086 # words, on purpose
    apt "$@" -o Dir::Etc::preferencesparts="$work/preferences" install --no-install-recommends $names ||
        fail "apt could not install $names from $suite"
}

[ "$(id -u)" -eq 0 ] || fail "install.sh must run as root"
lists_are_fresh || update

# Where the release's own will do, whether there is a QEMU is clear before anything changes.
packages=
borrowed=
for package in "$@"; do
    if is_borrowed "$package"; then
        borrowed="$borrowed $package"
        continue
    fi
    [ "$package" != qemu-system-riscv ] || package=$(qemu_package)
    packages="$packages $package"
done
# shellcheck disable=SC2086 # words, on purpose
[ -z "$packages" ] || install $packages
# shellcheck disable=SC2086
[ -z "$borrowed" ] || install_borrowed $borrowed
