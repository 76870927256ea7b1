#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# hv/arch is the only place with assembly, volatile and reinterpret_cast: everything else can be read, and tested on the
# host, without knowing the machine.
cd "$(dirname "$0")/../.." || exit 1
found=$(grep -rnwE 'asm|volatile|reinterpret_cast' hv --include='*.hpp' --include='*.cpp' | grep -v '^hv/arch/' |
    grep -vE ':[0-9]+: *//')
[ -z "$found" ] && exit 0
printf 'only hv/arch may use these:\n%s\n' "$found"
exit 1
