#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# order_test.sh PREFIX FOLDER: checks that the hypervisor in FOLDER, and those of the same description for QEMU's other
# platforms, have the fences of order.txt in the places that it names; and that order.py sees a fence that is missing or
# too weak (it weakens each of them itself), an operation where it must not be, and a rule that finds nothing.
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
check "$here/order.txt" iommu "$builds/qemu-iommu/$name/mullion.elf"
check "$here/order.txt" plic "$builds/qemu-plic/$name/mullion.elf"
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
"${prefix}g++" -g -O2 -ffreestanding -nostdlib -static -fno-pie -no-pie -Wl,--build-id=none -Wl,-e,fenced \
    -o "$work/program" "$work/program.cpp"
printf '%s\n' 'all before io,w store give' 'other before io,w store nowhere' 'all before io,w store sometimes' \
    'all after io,w store absent' 'all only ecall give' >"$work/rules"
found=$(check "$work/rules" any "$work/program" | sed -E 's/ at 0x.*//' | sort | uniq -c | sed 's/^ *//') && status=0 || status=$?
expected='4 no fence before io,w store give
1 no fence before io,w store sometimes
1 nothing is found of after io,w store absent'
[ "$status" -eq 1 ] && [ "$found" = "$expected" ] || { echo "of what is wrong it found: $found" >&2; exit 1; }
printf '%s\n' 'all only csr stopei give' >"$work/rules"
if check "$work/rules" any "$work/program" >"$work/found"; then
    echo "an operation elsewhere is not noticed" >&2
    exit 1
fi
