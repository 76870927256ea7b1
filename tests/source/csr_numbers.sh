#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Checks that every number in hv/core/csr_numbers.hpp is what the assembler makes of the name beside it.
cd "$(dirname "$0")/../.." || exit 1
prefix=${CROSS_COMPILE:-riscv64-linux-gnu-}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

words() {
    "${prefix}as" -march=rv64imafdc_zicsr -o "$work/$1.o" "$work/$1.s" && "${prefix}objcopy" -O binary "$work/$1.o" "$work/$1.bin"
}

sed -n '/^enum class Csr/,/^};/s/^ *\([a-z0-9]*\) = \(0x[0-9a-f]*\),$/\1 \2/p' hv/core/csr_numbers.hpp > "$work/list"
count=$(wc -l < "$work/list")
[ "$count" -ge 40 ] || { echo "found only $count numbers in hv/core/csr_numbers.hpp"; exit 1; }

# Zicfiss, "Shadow Stack Pointer (ssp) CSR": binutils 2.40 does not know the name yet.
newer='ssp 0x011'
grep -qxF "$newer" "$work/list" || { echo "hv/core/csr_numbers.hpp does not have '$newer'"; exit 1; }
grep -vxF "$newer" "$work/list" > "$work/known" && mv "$work/known" "$work/list"

{ echo '.option arch, +h, +v'; sed 's/\(.*\) .*/csrr a0, \1/' "$work/list"; } > "$work/names.s"
{ echo '.option arch, +h, +v'; sed 's/.* \(.*\)/csrr a0, \1/' "$work/list"; } > "$work/numbers.s"
words names && words numbers || exit 1
cmp "$work/names.bin" "$work/numbers.bin" && exit 0
echo 'a number in hv/core/csr_numbers.hpp is not that of its name; instruction n is line n of the enum, but for ssp'
exit 1
