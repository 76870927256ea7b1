#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# bench.sh BUILD PLATFORM [bare]: runs the guest `bench` under Mullion, which costs instructions of the whole machine, and
# holds them against budget.PLATFORM.txt; with `bare`, and where a budget is `bare+N`, also on QEMU and OpenSBI alone. The
# table goes to BUILD/PLATFORM/bench.txt, too. Fails where an operation costs more than its budget, or has no budget, or
# is missing. The budgets are for GCC 12; what another compiler made may cost a sixth more.
set -euo pipefail
build=$1
platform=$2
here=$(dirname "$0")
budget=$here/budget.$platform.txt
folder=$build/$platform/bench
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# setting KEY: of the platform
setting() {
    sed -n "s/^$1 = //p" "$here/../../configs/$platform.mk"
}

# costs IMAGE: the lines `OPERATION INSTRUCTIONS`. An idle QEMU with sleep=off ignores SIGTERM.
costs() {
    # shellcheck disable=SC2046 # words of a command line
    timeout -s KILL 300 "${QEMU:-qemu-system-riscv64}" -M "$(setting QEMU_MACHINE)" -cpu "$(setting DEFAULT_CPU)" \
        $(cat "$folder/qemu.args") -bios "${BIOS:-default}" -kernel "$1" \
        -display none -serial stdio -monitor none \
        -icount shift=0,sleep=off -seed 1 -rtc base=2026-01-01T00:00:00,clock=vm </dev/null >"$work/console"
    sed -nE 's/^([a-z]+ *\| )?bench: ([a-z-]+) ([0-9]+)\r?$/\2 \3/p' "$work/console"
}

costs "$folder/mullion.bin" >"$work/mullion"
: >"$work/bare"
if [ "${3:-}" = bare ] || grep -q ' bare+' "$budget"; then
    costs "$build/images/bench" >"$work/bare"
fi

awk '
    BEGIN { printf "%-16s %10s %10s %10s\n", "instructions", "bare", "Mullion", "budget" }
    /^#/ || NF == 0 { next }
    FILENAME == bare { of_bare[$1] = $2; next }
    FILENAME == mullion { of_mullion[$1] = $2; next }
    {
        allowed = $2
        above_bare = sub(/^bare\+/, "", allowed)
        allowed = int(allowed * (compiler == 12 ? 1 : 7 / 6)) + (above_bare ? of_bare[$1] : 0)
        verdict = ""
        if (!($1 in of_mullion)) {
            verdict = "  MISSING"
        } else if (of_mullion[$1] + 0 > allowed + 0) {
            verdict = "  OVER BUDGET"
        }
        failed = failed || verdict != ""
        printf "%-16s %10s %10s %10s%s\n", $1, of_bare[$1], of_mullion[$1], allowed, verdict
        budgeted[$1] = 1
    }
    END {
        for (name in of_mullion) {
            if (!(name in budgeted)) {
                printf "%-16s %10s %10s %10s  NO BUDGET\n", name, of_bare[name], of_mullion[name], ""
                failed = 1
            }
        }
        exit failed
    }' compiler="$("${CROSS_COMPILE:-riscv64-linux-gnu-}g++" -dumpversion | cut -d. -f1)" \
    bare="$work/bare" mullion="$work/mullion" "$work/bare" "$work/mullion" "$budget" | tee "$build/$platform/bench.txt"
