#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# interference.sh BUILD: compares what each of 2,000 calls of one guest costs in instructions, alone and beside two
# guests that do their worst (rivals.dtsi): it must be the same. Nothing else may bring that guest's hart into the
# hypervisor meanwhile, though one of the others floods the console. The instructions are counted on the guest's own
# hart, in a log of all that the hypervisor executed. A third log, of the guest alone with one block more in one call,
# shows that the count would notice. Fails, too, where the others made fewer than 1,000 exits meanwhile.
# Then measures what a guest that prints a little pays, for one exit and in a second, beside a guest whose output costs
# the console as much as it can (whisper.dts), in deterministic machines. Fails, too, where fewer than 10 such exits
# moved the other's output, or where a hypervisor that does not rest in between (cmake/planted.cmake) is not seen to
# cost more.
set -euo pipefail
build=$1
here=$(cd "$(dirname "$0")" && pwd)
prefix=${CROSS_COMPILE:-riscv64-linux-gnu-}
least=1000
dearest_exit=50000
dearest_second=70000000 # of these bytes; 2,000 of the dearest exits would be 100,000,000
hot=2000 # 200 of each of 10 kinds, as guests/bench/rivals.cpp makes them
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "interference.sh: $*" >&2
    exit 1
}

# address ELF NAME: of a function, as the log has it
address() {
    "${prefix}nm" -C "$1" | sed -nE "s/^0*([0-9a-f]+) [tTwW] (mullion::SbiResult )?$2([<(].*)?$/\1/p" | head -n 1
}

# planted DESCRIPTION: the log, with one block more in the 1,000th trap of hart 0
planted() {
    awk -v trap_entry="$(address "$build/qemu/$1/mullion.elf" trap_entry)" -f "$here/executed.awk" -f <(echo '
        { print }
        !/^Trace 0:/ { next }
        address() == trap_entry && ++traps == 1000 { blocks = 1 }
        blocks && blocks++ == 2 { again = $0 }
        blocks == 4 { print again; blocks = 0 }') "$work/log"
}

whole() {
    cat "$work/log"
}

# setting KEY: of the platform
setting() {
    sed -n "s/^$1 = //p" "$here/../../configs/$platform.mk"
}

# exits_of DESCRIPTION NAME FILTER OPTION...: the exits of hart 0 on $platform, in order, to work/NAME, from the log
# that FILTER prints; of the hypervisor $image, which harts enter at $trap_entry
platform=qemu
image=mullion
trap_entry=trap_entry
exits_of() {
    local folder=$build/$platform/$1 elf=$build/$platform/$1/$image.elf variables=() name counter
    variables+=(-v "trap_entry=$(address "$elf" $trap_entry)")
    for name in load_entry exception_entry interrupt_entry; do
        variables+=(-v "$name=$(address "$elf" $name)")
    done
    variables+=(-v "answer_otherwise=$(address "$elf" '.*::answer_otherwise' | grep .)")
    variables+=(-v "end_guest=$(address "$elf" mullion::run::end_guest)" -v cpu=0)
    rm -f "$work/log"
    mkfifo "$work/log"
    awk "${variables[@]}" -f "$here/executed.awk" -f "$here/exits.awk" <("$3" "$1") >"$work/$2" &
    counter=$!
    # shellcheck disable=SC2046 # words of a command line
    timeout -s KILL 200 "${QEMU:-qemu-system-riscv64}" -M "$(setting QEMU_MACHINE)" -cpu "$(setting DEFAULT_CPU)" \
        $(cat "$folder/qemu.args") -bios "${BIOS:-default}" -kernel "$folder/$image.bin" \
        -display none -serial stdio -monitor none "${@:4}" \
        -d exec,nochain,in_asm -dfilter 0x80200000+0x20000 -D "$work/log" </dev/null >"$work/console" &
    wait $counter
    kill $! || { tail -n 20 "$work/console" >&2; fail "$1 did not come to its end"; }
    wait
}

# last_hot RUN: "KIND INSTRUCTIONS" of the calls and register accesses that the guest is there for
last_hot() {
    grep -E '^(call|register) ' "$work/$1" | tail -n $hot
}

# interruptions RUN: the other exits of the hart between those
interruptions() {
    tac "$work/$1" | awk -v hot=$hot '/^(call|register) / && ++calls == hot { exit } !/^(call|register) /'
}

exits_of rivals-absent alone whole
exits_of rivals-absent disturbed planted
exits_of rivals beside whole
for run in alone disturbed beside; do
    last_hot $run | cut -d' ' -f1,2 >"$work/hot.$run"
    [ "$(wc -l <"$work/hot.$run")" -eq $hot ] || fail "$run: not $hot calls"
    [ -z "$(interruptions $run)" ] || { interruptions $run | head >&2; fail "$run: the hart exits for something else"; }
done
meanwhile=$(last_hot beside | awk 'NR == 1 { first = $3 } { last = $3 } END { print last - first }')

diff "$work/hot.alone" "$work/hot.beside" >"$work/difference" ||
    { head -n 20 "$work/difference" >&2; fail "calls cost something else beside busy guests"; }
[ "$(diff "$work/hot.alone" "$work/hot.disturbed" | grep -c '^>')" = 1 ] || fail "a planted block went unnoticed"
[ "$meanwhile" -ge $least ] || fail "the others made $meanwhile exits meanwhile, which is less than $least"
awk -v exits="$meanwhile" '{ worst = worst < $2 ? $2 : worst } END {
    print NR " calls cost the same alone and beside " exits " exits of others, at most " worst " instructions" }' \
    "$work/hot.beside"

# whisper: sets dearest, moved and second: the dearest exit of the guest that prints for 10 ms, the number of those that
# moved more than what it had printed itself, and the instructions of all those in a second
whisper() {
    # An instruction takes 4 ns, so that there is less waiting at boot to count.
    exits_of whisper whispers whole -icount shift=2,sleep=off -seed 1 -rtc base=2026-01-01T00:00:00,clock=vm
    read -r dearest moved second < <(awk '
        $1 == "register" { begun = 1 }
        begun && dearest < $2 { dearest = $2 }
        begun && $2 > 2000 { ++moved; all += $2 }
        END { print dearest + 0, moved + 0, 100 * all }' "$work/whispers")
}

for platform in qemu-plic qemu; do
    [ $platform = qemu ] && trap_entry=trap_entry || trap_entry=trap_entry_without_sstc
    whisper
    echo "$platform: who prints beside a busy console pays at most $dearest instructions in an exit and $second in a second"
    [ "$dearest" -le $dearest_exit ] || fail "an exit that printed cost more than $dearest_exit instructions"
    [ "$second" -le $dearest_second ] || fail "exits that printed cost more than $dearest_second instructions a second"
    [ "$moved" -ge 10 ] || fail "it moved others' output $moved times"
done
image=planted/no-rest
whisper
[ "$second" -gt $dearest_second ] || fail "a guest that does not rest went unnoticed: $second instructions a second"
