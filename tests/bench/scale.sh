#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# scale.sh BUILD [GUESTS...]: how long partc takes to describe so many guests, each with two harts, a memory window and a
# device, and the compiler to compute and prove their tables. The table goes to BUILD/scale.txt, too. Seconds are of one
# processor, user and system. OPS=N lets the compiler evaluate so many operations for a constant, and fails beyond: the
# same on every machine.
set -euo pipefail
build=$(cd "$1" && pwd)
shift
[ $# -gt 0 ] || set -- 1 2 4 8 16 32 64
source=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
harts=128
TIMEFORMAT='%U %S'

# A board with enough of everything, so that only the number of guests differs.
write_board() {
    local i
    echo '/ { #address-cells = <2>; #size-cells = <2>; compatible = "bench,board"; model = "bench";'
    echo 'cpus { #address-cells = <1>; #size-cells = <0>; timebase-frequency = <10000000>;'
    for ((i = 0; i < harts; ++i)); do
        printf 'cpu%d: cpu@%x { reg = <%d>; device_type = "cpu"; compatible = "riscv"; riscv,isa = "rv64imafdch";\n' $i $i $i
        echo 'riscv,isa-base = "rv64i"; riscv,isa-extensions = "i", "m", "a", "f", "d", "c", "h", "ssaia", "sstc";'
        echo 'mmu-type = "riscv,sv57";'
        echo "intc$i: interrupt-controller { compatible = \"riscv,cpu-intc\"; interrupt-controller;"
        echo '#interrupt-cells = <1>; #address-cells = <0>; }; };'
    done
    echo '}; ram0: memory@80000000 { device_type = "memory"; reg = <0x0 0x80000000 0x20 0x0>; };'
    echo 'soc { #address-cells = <2>; #size-cells = <2>; compatible = "simple-bus"; interrupt-parent = <&aplic>; ranges;'
    for ((i = 0; i < harts / 2; ++i)); do
        printf 'rtc%d: rtc@%x { compatible = "google,goldfish-rtc"; ' $i $((0x101000 + i * 4096))
        printf 'reg = <0x0 0x%x 0x0 0x1000>; interrupts = <%d 4>; };\n' $((0x101000 + i * 4096)) $((i + 20))
    done
    echo 'uart0: serial@10000000 { compatible = "ns16550a"; reg = <0x0 0x10000000 0x0 0x100>;'
    echo 'clock-frequency = <3686400>; interrupts = <10 4>; };'
    echo 'aplic: interrupt-controller@d000000 { compatible = "riscv,aplic"; reg = <0x0 0xd000000 0x0 0x8000>;'
    echo 'interrupt-controller; #interrupt-cells = <2>; #address-cells = <0>; msi-parent = <&imsic>;'
    echo 'riscv,num-sources = <96>; };'
    echo 'imsic: interrupt-controller@28000000 { compatible = "riscv,imsics"; reg = <0x0 0x28000000 0x0 0x100000>;'
    echo 'interrupt-controller; #interrupt-cells = <0>; #address-cells = <0>; msi-controller;'
    echo 'riscv,num-ids = <255>; riscv,guest-index-bits = <1>; interrupts-extended ='
    for ((i = 0; i < harts; ++i)); do
        echo "<&intc$i 9>$([ $i -lt $((harts - 1)) ] && echo , || echo ';')"
    done
    echo '}; }; };'
}

# write_description GUESTS: 2 harts, 512 MiB and a page more, which takes a table of each level, and a device
write_description() {
    local i
    echo '/dts-v1/;'
    echo '#include <platform.dtsi>'
    echo '/ { partitions { compatible = "mullion,partitions";'
    for ((i = 0; i < $1; ++i)); do
        echo "guest$i { compatible = \"mullion,partition\"; #address-cells = <2>; #size-cells = <2>;"
        echo "cpus = <&cpu$((2 * i)) &cpu$((2 * i + 1))>; devices = <&rtc$i>; kernel { image = \"kernel\"; };"
        echo 'memory@80000000 { device_type = "memory"; reg = <0x0 0x80000000 0x0 0x20001000>; }; };'
    done
    echo '}; };'
}

# cpu_seconds COMMAND...: of it and its children
cpu_seconds() {
    { time "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; echo failed >&2; exit 1; }; } 2>&1 |
        awk '{ printf "%.2f\n", $1 + $2 }'
}

mkdir "$work/cpus" "$work/images"
touch "$work/cpus/any.dtsi"
write_board >"$work/platform.dtsi"
printf 'kernel' >"$work/images/kernel"

# The compiler's command for tables.cpp as the build has it, for a description in another folder.
flags=$(sed -n '/"command".*hv\/tables.cpp/ { s/^ *"command": "//; s/",$//; p; q; }' "$build/riscv64/compile_commands.json")
[ -n "$flags" ] || { echo "scale.sh: build/riscv64 is not configured" >&2; exit 1; }

{
    printf '%8s %8s %12s %14s\n' guests harts 'partc, s' 'proof, s'
    for guests in "$@"; do
        write_description "$guests" >"$work/scale.dts"
        rm -rf "$work/out"
        described=$(cpu_seconds "$build/host/bin/partc" build --platform bench --include "$work" \
            --load-address 0x80200000 --images "$work/images" --output "$work/out" "$work/scale.dts")
        command=$(sed -E "s| -o [^ ]+| -o $work/tables.o|; s|-I[^ ]*/build/[a-z]+/[^ ]+ |-I$work/out |; s|^[^ ]*ccache ||; \
            ${OPS:+s|-fconstexpr-ops-limit=[0-9]+|-fconstexpr-ops-limit=$OPS|}" <<<"$flags")
        proved=$(cd "$build/riscv64" && eval "cpu_seconds $command")
        printf '%8d %8d %12s %14s\n' "$guests" $((2 * guests)) "$described" "$proved"
    done
} | tee "$build/scale.txt"
