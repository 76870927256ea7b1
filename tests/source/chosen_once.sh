#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Which interrupt controller and which timer the machine has, the law knows (hv/core), and who is compiled for each
# description. Everybody else asks what was chosen (hv/arch/irq/irq.hpp, hv/arch/timer/timer.hpp), and not what it is.
cd "$(dirname "$0")/../.." || exit 1
tests_of_kind() {
    grep -rnE 'InterruptController|board\.controller\(\)|(plic|imsic|aplic)\.exists\(\)|\.(imsic|plic|aplic)\.size [!=]=' "$@"
}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cat > "$work/known.cpp" <<'END'
if (kind == InterruptController::plic) {
return description.board.controller() != other;
if (description.board.imsic.exists()) {
if (board.plic.size == 0) {
END
known=$(tests_of_kind "$work" | wc -l)
[ "$known" -eq 4 ] || { echo "this check sees $known of 4"; exit 1; }
found=$(tests_of_kind hv --include='*.hpp' --include='*.cpp' |
    grep -vE '^hv/(core/|arch/(irq|timer)/|(tables|storage|services|drivers)\.cpp:)')
[ -z "$found" ] && exit 0
printf 'the machine is chosen once, in hv/drivers.cpp:\n%s\n' "$found"
exit 1
