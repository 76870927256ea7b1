#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# drivers_test.sh PREFIX FOLDER: checks that the hypervisor in FOLDER, and those of the same description for QEMU's
# other platforms, have code for their own machine's interrupt controller, timer and IOMMU and for no other. A small
# program shows that inlined code is seen, too.
set -euo pipefail
prefix=$1
folder=$2
builds=$(dirname "$(dirname "$folder")")
name=$(basename "$folder")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# drivers ELF: prints the files of hv/arch/irq, hv/arch/iommu and hv/arch/timer from which it has instructions, without
# the interfaces and what is tried with every controller
drivers() {
    "${prefix}objdump" -dl --no-show-raw-insn "$1" |
        sed -nE 's|^.*/hv/arch/((irq\|iommu\|timer)/[a-z_]+[.][a-zA-Z]+):[0-9]+.*|\1|p' | grep -vE 'timer/timer.hpp|irq/tried.hpp' | sort -u | paste -sd ' '
}

# expect ELF FILE...
expect() {
    local elf=$1 found
    shift
    found=$(drivers "$elf")
    [ "$found" = "$*" ] || { echo "$elf has code of $found, and should have of $*" >&2; exit 1; }
}

expect "$folder/mullion.elf" irq/aia.hpp irq/domain.cpp irq/imsic.hpp timer/sstc.S timer/sstc.hpp
expect "$builds/qemu-iommu/$name/mullion.elf" iommu/driver.cpp irq/aia.hpp irq/domain.cpp irq/imsic.hpp timer/sstc.S timer/sstc.hpp
expect "$builds/qemu-plic/$name/mullion.elf" irq/plic.hpp irq/without_imsic.hpp timer/sbi_time.S timer/sbi_time.hpp
expect "$builds/qemu-aplic/$name/mullion.elf" irq/aplic.hpp irq/domain.cpp irq/without_imsic.hpp timer/sstc.S timer/sstc.hpp

mkdir -p "$work/hv/arch/irq" "$work/hv/arch/timer"
echo 'inline int claim(int* at) { return *static_cast<volatile int*>(at); }' >"$work/hv/arch/irq/plic.hpp"
echo 'inline int never() { return 1; }' >"$work/hv/arch/timer/sbi_time.hpp"
printf '#include "%s"\n' "$work/hv/arch/irq/plic.hpp" "$work/hv/arch/timer/sbi_time.hpp" >"$work/program.cpp"
echo 'extern "C" int begin(int* at) { return claim(at); }' >>"$work/program.cpp"
"${prefix}g++" -g -O2 -ffreestanding -nostdlib -static -fno-pie -no-pie -Wl,--build-id=none -Wl,-e,begin \
    -o "$work/program" "$work/program.cpp"
expect "$work/program" irq/plic.hpp
