#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# untouched_state_test.sh PREFIX FOLDER: checks that the hypervisor in FOLDER leaves floating-point and vector state to
# the guests, but for what untouched_state.txt names. A small program shows that untouched_state.py sees every kind of
# use.
set -euo pipefail
prefix=$1
folder=$2
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# check LIST ELF
check() {
    "${prefix}objdump" -dC "$2" | /usr/bin/python3 "$here/untouched_state.py" "$1"
}

check "$here/untouched_state.txt" "$folder/mullion.elf"

instructions=('fld f1, 0(a0)' 'fsd f1, 0(a0)' 'fadd.d f1, f1, f1' 'fmadd.s f1, f1, f1, f1' 'c.fld fa0, 0(a0)'
    'c.fsdsp fa0, 0(sp)' 'vsetvli t0, zero, e8, m1, ta, ma' 'vle8.v v0, (a0)' 'vadd.vv v0, v0, v0' 'csrr a0, vl'
    'frcsr a0' 'csrc sstatus, a0' 'csrwi 0x200, 0')
kinds=(registers registers registers registers registers registers registers registers registers registers registers
    sstatus vsstatus)
printf '.option arch, +d, +c, +v\nharmless: ld a0, 0(a0); c.ld a0, 0(a0); csrr a0, sstatus; fence.i; ret\n' >"$work/program.S"
for i in "${!instructions[@]}"; do
    printf 'use%x: %s\n' "$i" "${instructions[$i]}" >>"$work/program.S"
    printf '%s: use%x\n' "${kinds[$i]}" "$i" >>"$work/expected"
done
"${prefix}gcc" -c -o "$work/program.o" "$work/program.S"
echo 'registers gone why not' >"$work/list"
echo 'registers: gone is listed, and does nothing of the kind' >>"$work/expected"
found=$(check "$work/list" "$work/program.o" | sed 's/ at 0x.*//') && status=0 || status=$?
[ "$status" -eq 1 ] && [ "$found" = "$(<"$work/expected")" ] || { echo "of what is wrong it found: $found" >&2; exit 1; }
