#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# machines.sh BUILD [GUESTS-HARTS...]: boots machines of 1 to 64 harts and 1 to 32 guests (cmake/scale.cmake) and tells what the hypervisor
# costs on each: instructions until every guest has started all of its harts and powered off, and memory. Fails where that
# does not grow with the harts and guests alone, by the limits below. The table goes to BUILD/machines.txt, too, and a
# drawing to BUILD/machines.svg. Deterministic: the same numbers each time.
set -euo pipefail
build=$1
shift
[ $# -gt 0 ] || set -- 1-1 2-2 4-4 8-8 16-16 32-32 1-2 1-4 1-8 1-16 1-32 1-64 32-64
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"; kill -KILL $(jobs -p) 2>/dev/null || true' EXIT
mkfifo "$work/log"

# boot FOLDER HARTS: what each hart executed, to $work/harts
boot() {
    awk -f "$here/../bench/executed.awk" -f "$here/count.awk" "$work/log" >"$work/harts" &
    local counter=$!
    # shellcheck disable=SC2046 # words of a command line
    timeout -s KILL 300 "${QEMU:-qemu-system-riscv64}" -M virt,aia=aplic-imsic,aia-guests=1 -cpu rv64,debug=off \
        $(cat "$1/qemu.args") -bios "${BIOS:-default}" -kernel "$1/mullion.bin" -icount shift=0,sleep=off \
        -display none -serial "file:$work/console" -monitor none \
        -d exec,nochain,in_asm -dfilter 0x80200000+0x20000 -D "$work/log" </dev/null
    wait $counter
    local present
    present=$(awk '/muster: / { if ($(NF - 3) == $(NF - 1)) n += $(NF - 1) } END { print n + 0 }' "$work/console")
    [ "$present" = "$2" ] || { tail -n 20 "$work/console"; echo "machines.sh: $present of $2 harts came" >&2; exit 1; }
}

# kib FOLDER PART...: as the layout has it
kib() {
    local folder=$1 sum=0 part
    shift
    for part in "$@"; do
        sum=$((sum + $(sed -n "s/^mullion_${part}_size = \(.*\);/\1/p" "$folder/layout.ld")))
    done
    echo $((sum / 1024))
}

# Guests and harts; instructions of all harts, of the boot hart, of the mean other hart; KiB of the image without guests
# (with tables), and of all that the hypervisor takes at run time.
{
    echo 'guests  harts  instructions   boot hart  other harts  image, KiB  memory, KiB'
    for size in "$@"; do
        guests=${size%-*}
        harts=${size#*-}
        folder=$build/qemu/crowd-$size.${harts}x2G
        boot "$folder" "$harts"
        image=$((($(awk '/^image/ { print $NF } /^stage-2/ { print $NF }' "$folder/sizes.txt" | paste -sd+)) / 1024))
        sort -rnk2 "$work/harts" | awk -v guests="$guests" -v harts="$harts" -v image=$image \
            -v memory="$(kib "$folder" text rodata stage1 stage2 data stacks)" '
            NR == 1 { boot = $2 } { all += $2 }
            END { printf "%6d %6d %13d %11d %12d %11d %12d\n", guests, harts, all, boot,
                  (harts > 1 ? (all - boot) / (harts - 1) : 0), image, memory }'
    done
} | tee "$build/machines.txt"
"$here/plot.sh" "$build/machines.txt" "$build/machines.svg"
awk -f "$here/linear.awk" "$build/machines.txt"
