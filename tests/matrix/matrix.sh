#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# matrix.sh BUILD DOCUMENT: runs a probe and two Debian guests on every platform with every kind of harts in `cpus`, and
# writes what became of each to the table in DOCUMENT. Fails where one fails. An image that could not be built counts as
# skipped; the reason is below the table, taken from BUILD/matrix.log, ninja's output.
set -euo pipefail
build=$1
document=$2
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
platforms=(qemu qemu-plic qemu-aplic)
: >"$work/skipped"
mapfile -t cpus < <(grep -v '^#' "$here/cpus" | cut -d: -f1)

# test_name, folder_name: print a cell's name as part of a test's name, and of a folder's.
test_name() { tr -c '[:alnum:]\n' _ <<<"$1-$2"; }
folder_name() { tr ',=' '--' <<<"$1"; }

# is_default PLATFORM CPU
is_default() { [ "$2" = "$(sed -n 's/^DEFAULT_CPU = //p' "$here/../../configs/$1.mk")" ]; }
# is_built PLATFORM DESCRIPTION CPU
is_built() { [ -e "$build/$1/$2$(is_default "$1" "$3" || echo ".$(folder_name "$3")")/mullion.bin" ]; }

# reason PLATFORM CPU: what `cpus` says, or the first error of what could not be built for it, the board or an image
reason() {
    sed -n "s/^$2: //p" "$here/cpus"
    awk -v board="/boards/$1/$(folder_name "$2")/" -v image="/$1/[^/ ]*[.]$(folder_name "$2")/" '
        /^\[/ { mine = 0 }
        /^FAILED: / { mine = index($0, board) || match($0, image) }
        mine && /error: |^mullion: / { sub(/^.*error: |^mullion: /, ""); print; exit }' "$build/matrix.log"
}

for platform in "${platforms[@]}"; do
    for cpu in "${cpus[@]}"; do
        if is_built "$platform" one-probe "$cpu" && is_built "$platform" two-linux "$cpu"; then
            echo "$platform $cpu"
        else
            echo "$platform $cpu" >>"$work/skipped"
        fi
    done
done >"$work/cells"
MULLION_MATRIX=$work/cells "$build/host/bin/target_matrix_test" 2>&1 | tee "$build/matrix-run.log" |
    grep --line-buffered -E '^\[ +(OK|FAILED) +\] Cell/' || true

# result SUITE PLATFORM CPU
result() {
    local line
    line=$(grep -m 1 -E "^\[ +(OK|FAILED) +\] Cell/$1\.[A-Za-z]*/$(test_name "$2" "$3")[ ,]" "$build/matrix-run.log" || true)
    case $line in
    *' OK '*) echo passed ;;
    *FAILED*) echo "**failed**" ;;
    *) echo skipped ;;
    esac
}

{
    echo "With $("${QEMU:-qemu-system-riscv64}" --version | head -n 1), a probe / two Debian guests:"
    echo
    echo "| harts | ${platforms[*]} |" | sed 's/\([a-z]\) \(qemu\)/\1 | \2/g'
    echo "|---|---|---|---|"
    for cpu in "${cpus[@]}"; do
        printf '| `%s` |' "$cpu"
        for platform in "${platforms[@]}"; do
            printf ' %s / %s |' "$(result ProbeMatrix "$platform" "$cpu")" "$(result DebianMatrix "$platform" "$cpu")"
        done
        echo
    done
    while read -r platform cpu; do
        printf '\nSkipped, `%s` on `%s`: %s\n' "$cpu" "$platform" "$(reason "$platform" "$cpu")"
    done <"$work/skipped"
} >"$work/table"
sed -i -e "/<!-- matrix -->/,/<!-- end of matrix -->/{/<!--/!d}" -e "/<!-- matrix -->/r $work/table" "$document"
cat "$work/table"
count() { grep '^|' "$work/table" | grep -o -w "$1" | wc -l; }
echo "mullion: matrix: $(count passed) passed, $(count failed) failed, $(count skipped) skipped"
[ "$(count failed)" = 0 ]
