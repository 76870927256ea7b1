#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Checks that only hv/arch has assembly, volatile and reinterpret_cast: everything else can be read, and tested on the
# host, without knowing the machine. In hv/arch, only drivers may access device registers, and every fence of memory or
# devices must be one that hv/arch/order.hpp names, or one of the boot or a guarded access (decision 0020).
cd "$(dirname "$0")/../.." || exit 1

# only WHOSE PATTERN WHERE: nobody else has what the pattern means
only() {
    found=$(grep -rnE "$2" hv --include='*.hpp' --include='*.cpp' --include='*.S' --include='*.h' | grep -vE "$3" |
        grep -vE ':[0-9]+: *//')
    [ -z "$found" ] && return
    printf 'only %s may use these:\n%s\n' "$1" "$found"
    exit 1
}

# The pattern must match where it is allowed, or it means nothing.
known() {
    grep -rqE "$1" hv || { echo "nothing is like $1"; exit 1; }
}

language='\<(asm|volatile|reinterpret_cast)\>'
devices='arch/mmio\.hpp'
fences='\<fence(\.tso)? +[iorw]+|\<fence *("|$)|atomic_signal_fence'
for pattern in "$language" "$devices" "$fences"; do
    known "$pattern"
done
only hv/arch "$language" '^hv/arch/'
only 'drivers of controllers, consoles, the IOMMU and PCI' "$devices" '^hv/arch/(irq|uart|iommu|pci)/'
only 'hv/arch/order.hpp, and where there is no C++ hv/arch/boot.S and guarded.S,' "$fences" '^hv/arch/(order\.hpp|(boot|guarded)\.S):'
