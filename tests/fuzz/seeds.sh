#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# seeds.sh SOURCE OUTPUT: the corpus that fuzzing starts from, as binary trees with their labels: the descriptions that
# are shipped and those of partc's tests, wrong ones too.
set -eu

source=$1
output=$2
rm -rf "$output"
mkdir -p "$output"

# compile INCLUDE CPU FILE: what dtc refuses is no tree
compile() {
    name=$(basename "$(dirname "$3")")-$(basename "$3" .dts)
    { cpp -nostdinc -undef -P -x assembler-with-cpp "-DCPU_DTSI=<cpus/$2.dtsi>" -I "$1" "$3" |
        dtc -q -q -@ -I dts -O dtb -o "$output/$name.dtb"; } 2>/dev/null || rm -f "$output/$name.dtb"
}

for file in "$source"/dts/*.dts "$source"/tests/target/dts/*.dts; do
    compile "$source/dts/platform/qemu" rv64 "$file"
done
for file in "$source"/tests/partc/good/*.dts "$source"/tests/partc/bad/*.dts; do
    compile "$source/tests/partc/board" small "$file"
done
[ "$(find "$output" -name '*.dtb' | wc -l)" -ge 50 ] || { echo "seeds.sh: too few trees in $output" >&2; exit 1; }
