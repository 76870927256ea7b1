#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# boot.sh BUILD: counts the hypervisor's instructions while a Debian guest boots and powers off again (boot.dts), on
# harts with and without Zicboz, and where all that is stored is flushed, and holds them against the limits below. It
# counts in a log of what ran in a deterministic machine, leaves out loops that wait, and differs a little from run to
# run, with the time at which keys are typed.
# The table goes to BUILD/boot.txt, too.
set -euo pipefail
build=$1
here=$(cd "$(dirname "$0")" && pwd)
prefix=${CROSS_COMPILE:-riscv64-linux-gnu-}
work=$(mktemp -d)
trap 'rm -rf "$work"; kill -KILL $(jobs -p) 2>/dev/null || true' EXIT
mkfifo "$work/log" "$work/keys"

# boot FOLDER CPU COMMAND: boots, types COMMAND at the prompt and waits for the end; sets all, after (of those: since
# the guest's first instruction), and characters, how many the guest wrote
boot() {
    local folder=$build/qemu/$1 enter_guest counter
    enter_guest=$("${prefix}nm" "$folder/mullion.elf" | sed -nE 's/^0*([0-9a-f]+) . enter_guest$/\1/p')
    awk -v mark="$enter_guest" -f "$here/executed.awk" -f "$here/../scale/count.awk" "$work/log" >"$work/harts" &
    counter=$!
    : >"$work/console"
    # shellcheck disable=SC2046 # words of a command line
    timeout -s KILL 300 "${QEMU:-qemu-system-riscv64}" -M virt,aia=aplic-imsic,aia-guests=1 -cpu "$2" \
        $(cat "$folder/qemu.args") -bios "${BIOS:-default}" -kernel "$folder/mullion.bin" \
        -icount shift=0,sleep=off -display none -serial stdio -monitor none \
        -d exec,nochain,in_asm -dfilter 0x80200000+0x20000 -D "$work/log" <>"$work/keys" >"$work/console" &
    until grep -q '^alpha *| alpha:~# ' "$work/console"; do
        kill -0 $! 2>/dev/null || { cat "$work/console"; echo "boot.sh: no prompt" >&2; exit 1; }
        sleep 0.2
    done
    printf '%s; poweroff\n' "$3" >"$work/keys"
    wait $! || { echo "boot.sh: QEMU did not end by itself" >&2; exit 1; }
    wait $counter
    read -r all after < <(awk '{ all += $2; after += $3 } END { print all, after }' "$work/harts")
    characters=$(sed -n 's/^alpha *| //p' "$work/console" | wc -c)
}

# row WHAT INSTRUCTIONS LIMIT
row() {
    printf '%-46s %12d %12d%s\n' "$1" "$2" "$3" "$([ "$2" -le "$3" ] || echo '  TOO MANY')"
}

{
    printf '%-46s %12s %12s\n' 'boot of a Debian guest of 512 MiB' instructions limit
    boot boot rv64 :
    row 'with Zicboz' "$all" 30000000
    row '  of which after its first instruction' "$after" 1200000
    quiet=$after
    quiet_characters=$characters
    boot boot rv64 dmesg
    row '  for each character that it writes' $(((after - quiet) / (characters - quiet_characters))) 430
    boot boot.rv64-svpbmt-on rv64,svpbmt=on :
    row 'with Zicboz, Zicbom and Svpbmt' "$all" 36000000
    boot boot.rv64-zicboz-off rv64,zicboz=off :
    row 'without Zicboz' "$all" 90000000
} | tee "$build/boot.txt"
! grep -q 'TOO MANY' "$build/boot.txt"
