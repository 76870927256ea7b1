#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# fence.sh BUILD: how long a remote fence of one other hart takes until it is done, on bare QEMU with OpenSBI and under
# Mullion: nanoseconds of wall time in the fastest of ten batches, the median of runs in turn, and their ratio. Wall time
# decides nothing, so neither does this. The table goes to BUILD/fence.txt, too.
set -euo pipefail
build=$1
runs=5
folder=$build/qemu/fence
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# run WHERE KERNEL [ARGUMENT...]: adds a line `WHERE OPERATION NANOSECONDS` for each operation
run() {
    local where=$1 kernel=$2
    shift 2
    # shellcheck disable=SC2046 # words of a command line
    timeout -s KILL 60 "${QEMU:-qemu-system-riscv64}" -M virt,aia=aplic-imsic,aia-guests=1 -cpu rv64,h=true \
        $(cat "$folder/qemu.args") -bios "${BIOS:-default}" -kernel "$kernel" "$@" \
        -display none -serial stdio -monitor none </dev/null |
        sed -nE "s/^([a-z]+ *\| )?bench: (remote-[a-z-]+) ([0-9]+)\r?$/$where \2 \3/p" >>"$work/times" ||
        echo "fence.sh: a run on $where did not end: is this machine busy?" >&2
}

for ((i = 0; i < runs; ++i)); do
    run bare "$build/images/bench" -append fence
    run mullion "$folder/mullion.bin"
done
sort -k1,2 -k3n "$work/times" | awk '
    { key = $1 " " $2; value[key, ++n[key]] = $3; names[$2] = 1 }
    function median(key) { return value[key, int((n[key] + 1) / 2)] }
    END {
        printf "%-20s %10s %10s %10s %10s\n", "nanoseconds", "bare", "Mullion", "ratio", "aim"
        for (name in names) {
            bare = median("bare " name)
            mullion = median("mullion " name)
            printf "%-20s %10d %10d %10.2f %10s\n", name, bare, mullion, bare ? mullion / bare : 0, "0.70"
        }
    }' | tee "$build/fence.txt"
