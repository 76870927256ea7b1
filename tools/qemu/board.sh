#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# board.sh PARTC QEMU OUTPUT LOAD_ADDRESS MACHINE CPU [ARGUMENT...]: writes the board file (platform.dtsi) of the machine
# that QEMU makes of MACHINE, CPU and the ARGUMENTs.
set -eu

partc=$1
qemu=$2
output=$3
load_address=$4
machine=$5
cpu=$6
shift 6
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "mullion: $*" >&2
    exit 1
}

command -v "$qemu" >/dev/null || fail "CPU=$cpu takes its board from QEMU, and there is no $qemu (make setup installs it)"
# Without AIA QEMU's harts can hand a counter's overflow interrupt to no guest: neither hideleg nor hvien takes its bit.
declared=$cpu
case $machine in
*aia=aplic-imsic*) ;;
*) declared=$cpu,sscofpmf=off ;;
esac
if ! "$qemu" -machine "$machine,dumpdtb=$work/host.dtb" -cpu "$declared" "$@" >"$work/said" 2>&1 </dev/null; then
    cat "$work/said" >&2
    fail "CPU=$cpu: $qemu makes no machine of it; it has these:" \
        "$("$qemu" -cpu help | sed -n 's/^ *\([a-z0-9-]*\)$/\1/p' | tr '\n' ' ')"
fi
# What the tree does not decide is in the file; what Mullion cannot do without, the description's build tells.
"$partc" board --from "$work/host.dtb" --load-address "$load_address" --output "$output" --replace \
    >"$work/said" 2>&1 || fail "$(cat "$work/said")"
