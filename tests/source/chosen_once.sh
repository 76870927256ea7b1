#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Checks that only the law (hv/core) and what is compiled for each description ask which interrupt controller and which
# timer the machine has. All others call the chosen driver (hv/arch/irq/irq.hpp, hv/arch/timer/timer.hpp).
cd "$(dirname "$0")/../.." || exit 1
tests_of_kind() {
    grep -rnE "$kind" "$@"
}
kind='InterruptController|board\.controller\(\)|(plic|imsic|aplic)\.exists\(\)|\.(imsic|plic|aplic)\.size [!=]='
kind="$kind|\.has\(Extension::sstc\)|\"arch/(irq|timer)/"
chosen='"arch/(irq/irq|timer/timer)\.hpp"'
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cat > "$work/known.cpp" <<'END'
if (kind == InterruptController::plic) {
return description.board.controller() != other;
if (description.board.imsic.exists()) {
if (board.plic.size == 0) {
if (hart.features.has(Extension::sstc)) {
#include "arch/irq/domain.hpp"
#include "arch/timer/sstc.hpp"
#include "arch/irq/irq.hpp"
#include "arch/timer/timer.hpp"
END
known=$(tests_of_kind "$work" | grep -cvE "$chosen")
[ "$known" -eq 7 ] || { echo "this check sees $known of 7"; exit 1; }
# What a guest has, vstimecmp and an APLIC, may be asked for anywhere.
found=$(tests_of_kind hv --include='*.hpp' --include='*.cpp' | grep -vE "$chosen" |
    grep -vE '^hv/(core/|arch/(irq|timer)/|(tables|drivers)\.cpp:|arch/guest_hart\.cpp:.*sstc|run/aplic_port\.)')
[ -z "$found" ] && exit 0
printf 'the machine is chosen once, in hv/drivers.cpp:\n%s\n' "$found"
exit 1
