#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# board.sh PARTC COMPILER QEMU OUTPUT LOAD_ADDRESS MACHINE CPU [ARGUMENT...]: writes the board file (platform.dtsi) of
# the machine that QEMU makes of MACHINE, CPU and the ARGUMENTs. COMPILER is for programs of the machine.
set -eu

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

command -v "$qemu" >/dev/null || fail "CPU=$cpu takes its board from QEMU, and there is no $qemu (make setup installs it)"
# takes_overflow: whether harts can hand a counter's overflow interrupt to a guest, which no tree tells. Without IMSIC
# those that QEMU gives AIA can, but are not asked to.
takes_overflow() {
    case $machine in
    *aia=aplic-imsic*) ;;
    *) return 1 ;;
    esac
    "$compiler" -march=rv64imac_zicsr -mabi=lp64 -nostdlib -static -no-pie -Wl,--build-id=none -Wl,-Ttext=0x80000000 \
        -o "$work/overflow" "$(dirname "$0")/overflow.S" || fail "$compiler compiles no program for the machine"
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
