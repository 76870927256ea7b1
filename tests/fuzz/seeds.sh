#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# seeds.sh SOURCE OUTPUT: the corpora that fuzzing starts from, as binary trees with their labels: `small` are those of
# tests/fuzz/seeds, `all` the descriptions that are shipped and those of partc's tests, wrong ones too; `firmware` are
# trees as firmware hands them over; `console` are acts of three guests and an operator (console.cpp).
set -eu

source=$1
output=$2
rm -rf "$output"
mkdir -p "$output/small" "$output/all" "$output/firmware" "$output/console"

# compile INCLUDE CORPUS FILE: what dtc refuses is no tree
compile() {
    blob=$output/$2/$(basename "$(dirname "$3")")-$(basename "$3" .dts).dtb
    { cpp -nostdinc -undef -P -x assembler-with-cpp -I "$1" "$3" | dtc -q -q -@ -I dts -O dtb -o "$blob"; } 2>/dev/null ||
        rm -f "$blob"
}

for file in "$source"/tests/fuzz/seeds/*.dts; do
    compile "$source/tests/fuzz/seeds" small "$file"
done
for file in "$source"/tests/fuzz/firmware/*.dts; do
    compile "$source/tests/fuzz/firmware" firmware "$file"
done
for file in "$source"/dts/*.dts "$source"/tests/target/dts/*.dts; do
    compile "$source/dts/platform/qemu" all "$file"
done
for file in "$source"/tests/partc/good/*.dts "$source"/tests/partc/bad/*.dts; do
    compile "$source/tests/partc/board" all "$file"
done

# enough CORPUS COUNT
enough() {
    [ "$(find "$output/$1" -name '*.dtb' | wc -l)" -ge "$2" ] || { echo "seeds.sh: too few trees in $1" >&2; exit 1; }
}
enough small 3
enough all 50
enough firmware 2

# The acts are lines of all with time between; unfinished lines; one longer than a line may be; a slow UART that sticks.
printf '\002\003\004abcd\023\004efgh\006\017\043\004ijkl\012\007\020' >"$output/console/lines"
printf '\003\000\003abc\006\020\020\003def\006\020\023\004more\004\024\006\020' >"$output/console/prompts"
printf '\000\010\127\011\024\003\010abcdefgh\023\010abcdefgh\025\013\001x\006\023\012\014\006\024' >"$output/console/slow"
printf '\025\005\000x\006\020\003\004abcd\006\020\012\043\004efgh\006\020\003\000\012\023\004done\006\020' >"$output/console/long"
