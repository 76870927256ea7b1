#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# sizes_test.sh PREFIX FOLDER: checks that the hypervisor in FOLDER, and those that together have all there is, keep to the
# limits of tools/sizes/services.txt, that every rule there matches something, and that tools/sizes/sizes.sh notices where
# that is not so.
set -euo pipefail
sizes=$(cd "$(dirname "$0")/../../tools/sizes" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "sizes_test.sh: $*" >&2
    exit 1
}

# report_with LINE...: what is reported where services.txt begins with these
report_with() {
    { printf '%s\n' "$@"; grep -v '^limit' "$sizes/services.txt"; } >"$work/services.txt"
    SERVICES=$work/services.txt "$sizes/sizes.sh" "$prefix" "$folder"
}

prefix=$1
build=$(dirname "$(dirname "$2")")
for folder in "$2" "$build/qemu/channels" "$build/qemu-iommu/two-disks.disks"; do
    report=$("$sizes/sizes.sh" "$prefix" "$folder")
    if grep 'TOO LARGE' <<<"$report"; then
        fail "see hv/ and tools/sizes/services.txt"
    fi
    grep 'UNUSED' <<<"$report" >>"$work/unused" || true
done
if sort "$work/unused" | uniq -c | grep '^ *3 '; then
    fail "no function of any image is like that: see tools/sizes/services.txt"
fi
awk '/^  base  |^    / { match($0, /  +[0-9]+/); sum += substr($0, RSTART, RLENGTH) } /^text/ { text = $2 } /^image/ { exit }
     END { exit !(sum == text && text > 0) }' <<<"$report" || fail "the services' sizes do not add up to the text"

report=$(report_with 'limit base 1000' 'limit common 2000' 'limit sse 30' 'limit text 40' 'further none ^no/such/file')
for line in '  base .* of at most 1000: TOO LARGE' '  base and common .* of at most 2000: TOO LARGE' \
    '    further sse .* of at most 30: TOO LARGE' 'text .* of at most 40: TOO LARGE' 'UNUSED none .*'; do
    grep -qx -- "$line" <<<"$report" || fail "not noticed: $line"
done
