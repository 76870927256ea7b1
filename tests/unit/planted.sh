#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# planted.sh PROGRAM FILTER FAULT [WEAK]: checks that the tests of the filter in the program, which has a defect, fail
# with that fault. WEAK: and that they pass where memory is sequentially consistent.
set -u

if [ -n "${4:-}" ] && ! MULLION_WALK=sequential "$1" --gtest_filter="$2" --gtest_brief=1; then
    echo "$1: $2 finds it without weak memory, too"
    exit 1
fi
log=$("$1" --gtest_filter="$2" --gtest_brief=1 2>&1)
if [ $? -eq 0 ]; then
    echo "$1: nothing was found by $2"
    exit 1
fi
printf '%s\n' "$log" | grep -qF -e "\"$3\"" && exit 0
printf '%s\n' "$log" | tail -n 40
echo "$1: $2 did not find: $3"
exit 1
