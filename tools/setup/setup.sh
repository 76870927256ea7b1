#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# setup.sh build|run|debug|test|schemas|fuzz|ci: finds what that goal needs and installs what is missing, with apt.
#
# With everything present it changes nothing and uses no network. On a terminal it shows the list and asks once. With
# NO_INSTALL set, without root and sudo, or without apt it prints the one line to copy, and fails.
# QEMU, BIOS, CROSS_COMPILE and KERNEL with INITRD, where set, name what the user brings instead.
set -eu

goal=$1
here=$(cd "$(dirname "$0")" && pwd)
oldest_qemu=10
oldest_opensbi=1.4
cross=${CROSS_COMPILE:-riscv64-linux-gnu-}
qemu=${QEMU:-qemu-system-riscv64}
missing=

fail() {
    echo "mullion: $*" >&2
    exit 1
}

need() {
    missing="$missing $1"
}

# need_tool COMMAND PACKAGE
need_tool() {
    command -v "$1" >/dev/null || need "$2"
}

needs() {
    case $1 in
    build)
        needs_of_build
        ;;
    run)
        needs_of_build
        needs_of_qemu
        ;;
    debug)
        needs run
        need_tool gdb-multiarch gdb-multiarch
        ;;
    fuzz)
        needs_of_build
        needs_of_clang
        need_header vterm.h libvterm-dev
        ;;
    test)
        needs run
        need_header gtest/gtest.h libgtest-dev
        need_header gmock/gmock.h libgmock-dev
        need_header vterm.h libvterm-dev
        need_tool dt-validate dt-schema
        /usr/bin/python3 -c 'import ruamel.yaml' 2>/dev/null || need python3-ruamel.yaml
        needs_of_clang
        ;;
    schemas)
        needs_of_build
        need_tool dt-validate dt-schema
        ls /usr/src/linux-source-*.tar.* >/dev/null 2>&1 || need linux-source
        ;;
    ci)
        needs test
        need_tool clang-format-14 clang-format-14
        ;;
    *)
        fail "setup.sh: no such goal: $1"
        ;;
    esac
}

needs_of_build() {
    need_tool cmake cmake
    need_tool ninja ninja-build
    need_tool g++ g++
    need_tool dtc device-tree-compiler
    need_header libfdt.h libfdt-dev
    need_header gcrypt.h libgcrypt20-dev
    need_header libelf.h libelf-dev
    need_header fmt/core.h libfmt-dev
    need_header CLI/CLI.hpp libcli11-dev
    # A prefix of the user's own is the user's business: CMake says what is wrong with it.
    [ -n "${CROSS_COMPILE:-}" ] || need_tool "${cross}g++" g++-riscv64-linux-gnu
    if [ -z "${KERNEL:-}" ] || [ -z "${INITRD:-}" ]; then
        need_tool cpio cpio
        [ -x /usr/sbin/mke2fs ] || need_tool mke2fs e2fsprogs
        [ -r /usr/share/keyrings/debian-archive-keyring.gpg ] || need debian-archive-keyring
    fi
}

# For what runs with sanitizers and for libFuzzer (cmake/clang.cmake); their runtime is a package of its own.
needs_of_clang() {
    for version in 21 20 19 18 17 16; do
        if has_libfuzzer "clang++-$version"; then
            return
        fi
    done
    # shellcheck source=/dev/null
    case $(. /etc/os-release && echo "${VERSION_CODENAME:-}") in
    bookworm) version=16 ;;
    *) version=19 ;;
    esac
    need clang-$version
    need libclang-rt-$version-dev
}

# The name of the file differs between builds of clang; one that is not there is printed as it was asked for.
has_libfuzzer() {
    command -v "$1" >/dev/null || return 1
    [ -e "$("$1" -print-file-name="libclang_rt.fuzzer-$(uname -m).a")" ] ||
        [ -e "$("$1" -print-file-name=libclang_rt.fuzzer.a)" ]
}

# What the compiler finds, it finds wherever the user keeps it.
need_header() {
    printf '#if !__has_include(<%s>)\n#error\n#endif\n' "$1" | g++ -x c++ -E - >/dev/null 2>&1 || need "$2"
}

needs_of_qemu() {
    if [ -n "${QEMU:-}" ]; then
        command -v "$QEMU" >/dev/null || fail "QEMU=$QEMU is no program that can be run"
        check_qemu
    elif ! command -v "$qemu" >/dev/null || [ "$(qemu_version)" -lt $oldest_qemu ]; then
        need qemu-system-riscv
    fi
    # Debian's QEMU has its firmware in a package of its own; another QEMU brings its own.
    if [ -z "${QEMU:-}" ] && [ -z "${BIOS:-}" ]; then
        dpkg --compare-versions "$(dpkg-query -W -f '${Version}' opensbi 2>/dev/null || echo 0)" ge $oldest_opensbi ||
            need opensbi
    fi
}

qemu_version() {
    version=$("$qemu" --version | sed -n 's/^QEMU emulator version \([0-9]*\).*/\1/p')
    echo "${version:-0}"
}

check_qemu() {
    [ "$(qemu_version)" -ge $oldest_qemu ] ||
        fail "$(command -v "$qemu") is $("$qemu" --version | head -n 1); Mullion needs QEMU $oldest_qemu or newer:" \
            "name one with QEMU=/path/to/qemu-system-riscv64"
}

# What makes a command root's: nothing for root itself. A sudo that would ask where nobody answers is none.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        echo env
    elif command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
        echo sudo env
    fi
}

by_hand() {
    echo "mullion: to install it, as root:" >&2
    echo "    sh $here/install.sh$missing" >&2
    exit 1
}

ask() {
    printf 'mullion: install with apt? [Y/n] '
    read -r answer || answer=n
    case $answer in
    '' | y | Y | yes) ;;
    *) by_hand ;;
    esac
}

install() {
    echo "mullion: missing:$missing"
    command -v apt-get >/dev/null || fail "there is no apt here to install it (these are the names of Debian's packages)"
    root=$(as_root)
    if [ -n "${NO_INSTALL:-}" ] || [ -z "$root" ]; then
        by_hand
    fi
    if [ -t 0 ] && [ -t 1 ]; then
        ask
    fi
    # sudo drops the environment; apt's proxy may be in there.
    # shellcheck disable=SC2086 # words, on purpose
    $root ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
        sh "$here/install.sh" $missing
}

needs "$goal"
[ -z "$missing" ] || install
case $goal in
build | schemas | fuzz) ;;
*) check_qemu ;;
esac
