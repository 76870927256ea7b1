#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# order_test.sh PREFIX FOLDER: checks that the hypervisor in FOLDER, and those of the same description for QEMU's other
# platforms, have the fences of order.txt in the places that it names; and that order.py sees a fence that is missing or
# too weak (it weakens each of them itself), an operation or a fence that no rule is about, and a rule that finds
# nothing.
set -euo pipefail
prefix=$1
folder=$2
here=$(cd "$(dirname "$0")" && pwd)
builds=$(dirname "$(dirname "$folder")")
name=$(basename "$folder")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# check RULES MACHINES ELF
check() {
    "${prefix}objdump" -dl --inlines --no-show-raw-insn "$3" | /usr/bin/python3 "$here/order.py" "$1" "$2"
}

check "$here/order.txt" aia "$folder/mullion.elf"
check "$here/order.txt" aia,iommu "$builds/qemu-iommu/$name/mullion.elf"
check "$here/order.txt" plic,sbi-time "$builds/qemu-plic/$name/mullion.elf"
check "$here/order.txt" aplic "$builds/qemu-aplic/$name/mullion.elf"

cat >"$work/program.cpp" <<'END'
static volatile int word;
template <class Fence> [[gnu::always_inline]] inline void give(int value, Fence fence) { fence(); word = value; }
inline void nothing() { asm volatile("" ::: "memory"); }
inline void foreign() { asm volatile("fence iorw, iorw" ::: "memory"); }
namespace arch::order {
inline void strong() { asm volatile("fence iorw, w" ::: "memory"); }
inline void weak() { asm volatile("fence rw, w" ::: "memory"); }
}
using namespace arch::order;
[[gnu::always_inline]] inline void sometimes(int value) { if (value) { strong(); } word = value; }
extern "C" {
void fenced(int value) { give(value, strong); }
void unfenced(int value) { give(value, nothing); }
void fenced_by_others(int value) { give(value, foreign); }
void too_weak(int value) { give(value, weak); }
void too_early(int value) { strong(); (void)word; give(value, nothing); }
void on_one_way(int value) { sometimes(value); }
void claims() { asm volatile("csrr t0, stopei" ::: "t0"); }
}
END
cat >"$work/more.S" <<'END'
    .globl asks, unasked, guarded
asks:
    fence rw, rw
    ecall
    ret
unasked:
    ecall
    ret
guarded:
    call asks
    sw a0, 0(a0)
    j settle
skips:
    call asks
    sw a0, 0(a0)
    j settled
settle:
    fence
settled:
    sd a0, 0(a1)
    ret
END
"${prefix}g++" -g -O2 -ffreestanding -nostdlib -static -fno-pie -no-pie -Wl,--build-id=none -Wl,-e,fenced \
    -o "$work/program" "$work/program.cpp" "$work/more.S"
printf '%s\n' 'all before io,w store give' 'other before io,w store nowhere' 'all before io,w store sometimes' \
    'all after io,w store absent' 'all before iorw,iorw ecall unasked' 'all before rw,rw ecall asks' \
    'all after iorw,iorw call asks guarded' 'all after iorw,iorw call asks skips' >"$work/rules"
found=$(check "$work/rules" any "$work/program" | sed -E 's/ at 0x.*//' | sort | uniq -c |
    sed -E 's/^ *//; s/^[0-9]+ (no rule)/\1/') && status=0 || status=$? # how many copies there are, the compiler decides
expected='1 no fence after iorw,iorw call asks skips
4 no fence before io,w store give
1 no fence before io,w store sometimes
1 no fence before iorw,iorw ecall unasked
no rule is about the fence
1 nothing is found of after io,w store absent'
[ "$status" -eq 1 ] && [ "$found" = "$expected" ] || { echo "of what is wrong it found: $found" >&2; exit 1; }
printf '%s\n' 'all unfenced ecall unasked' 'all every ecall' 'all every csr stopei' >"$work/rules"
found=$(check "$work/rules" any "$work/program" | sed -E 's/ 0x[0-9a-f]+//' | grep -v '^no rule is about the fence .*order') && status=0 || status=$?
expected='every ecall: has it, too (asks)
every csr stopei: has it, too (claims)
no rule is about the fence at (asks)
no rule is about the fence at (settle)'
[ "$found" = "$expected" ] || { echo "of operations and fences elsewhere it found: $found" >&2; exit 1; }
