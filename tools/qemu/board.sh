#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# board.sh PARTC COMPILER QEMU OUTPUT LOAD_ADDRESS MACHINE CPU [ARGUMENT...]: writes the board file (platform.dtsi) of
# the machine that QEMU makes of MACHINE, CPU and the ARGUMENTs, with the PCI functions that these put behind an IOMMU.
# COMPILER is for programs of the machine. Files in ARGUMENTs are relative to the project's folder, other paths absolute.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
partc=$1
compiler=$2
qemu=$3
output=$4
load_address=$5
machine=$6
cpu=$7
shift 7
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "mullion: $*" >&2
    exit 1
}

cd "$here/../.."
command -v "$qemu" >/dev/null || fail "CPU=$cpu takes its board from QEMU, and there is no $qemu (make setup installs it)"
# program NAME ARGUMENT...: compiles a program of the machine, which is there from reset
program() {
    to=$work/$1
    shift
    "$compiler" -march=rv64gc_zicsr -mabi=lp64d -mcmodel=medany -mno-relax -nostdlib -static -no-pie -Wl,--build-id=none \
        -Wl,-Ttext=0x80000000 -o "$to" "$@" || fail "$compiler compiles no program for the machine"
}

# takes_overflow: whether harts can hand a counter's overflow interrupt to a guest, which no tree tells. Without IMSIC
# those that QEMU gives AIA can, but are not asked to.
takes_overflow() {
    case $machine in
    *aia=aplic-imsic*) ;;
    *) return 1 ;;
    esac
    program overflow "$here/overflow.S"
    timeout -s KILL 30 "$qemu" -machine "$machine" -cpu "$cpu" -bios none -kernel "$work/overflow" -display none \
        -serial none -monitor none >/dev/null 2>&1 </dev/null
}

declared=$cpu
takes_overflow || declared=$cpu,sscofpmf=off
if ! "$qemu" -machine "$machine,dumpdtb=$work/host.dtb" -cpu "$declared" "$@" >"$work/said" 2>&1 </dev/null; then
    cat "$work/said" >&2
    fail "CPU=$cpu: $qemu makes no machine of it; it has these:" \
        "$("$qemu" -cpu help | sed -n 's/^ *\([a-z0-9-]*\)$/\1/p' | tr '\n' ' ')"
fi
# Questions that the tree leaves open are in the file. What Mullion needs and the machine lacks is told when a
# description is built.
"$partc" board --from "$work/host.dtb" --load-address "$load_address" --output "$output" --replace \
    >"$work/said" 2>&1 || fail "$(cat "$work/said")"

# functions: the nodes of PCI functions, with addresses in the bridge's windows. Its ranges are of ports, of 32-bit and of
# 64-bit memory, seven cells each.
functions() {
    bridge=$(fdtget "$work/host.dtb" -l /soc | grep '^pci@')
    # shellcheck disable=SC2046 # words
    set -- $(fdtget -t x "$work/host.dtb" "/soc/$bridge" ranges) "$@"
    memory_32="-DMEMORY_32=0x${12} -DMEMORY_32_SIZE=0x${14}"
    memory_64="-DMEMORY_64=0x${18}$(printf %08x "0x${19}") -DMEMORY_64_SIZE=0x${20}$(printf %08x "0x${21}")"
    shift 21
    # shellcheck disable=SC2086 # words
    program functions -std=c++20 -O1 -ffreestanding -fno-exceptions -fno-rtti -fno-reorder-functions \
        -fno-stack-protector -fno-pic "-DECAM=0x${bridge#pci@}" $memory_32 $memory_64 "$here/functions.S" \
        "$here/functions.cpp"
    timeout -s KILL 60 "$qemu" -machine "$machine" -cpu "$cpu" "$@" -bios none -kernel "$work/functions" -display none \
        -serial "file:$work/nodes" -monitor none >"$work/said" 2>&1 </dev/null ||
        fail "QEMU's machine does not tell its PCI functions: $(cat "$work/said")"
    cat "$work/nodes"
}

case "$machine $*" in
*iommu-sys=on*\ -device\ *) functions "$@" >>"$output" ;;
esac
