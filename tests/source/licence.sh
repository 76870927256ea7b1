#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Checks that every source file names its licence at its top.
cd "$(dirname "$0")/../.." || exit 1
missing=$(find hv tools guests tests cmake dts configs docs .ci Makefile CMakeLists.txt -type f \
    \( -name '*.[ch]pp' -o -name '*.[Sh]' -o -name '*.ld' -o -name '*.sh' -o -name '*.cmake' -o -name 'CMakeLists.txt' \
    -o -name '*.py' -o -name '*.yaml' -o -name '*.dts' -o -name '*.dtsi' \
    -o -name '*.mk' -o -name Makefile -o -path '.ci/*' \) \
    -exec sh -c 'for f; do head -n 6 "$f" | grep -q "SPDX-License-Identifier: Apache-2.0" || echo "$f"; done' sh {} +)
[ -z "$missing" ] && exit 0
printf 'without an SPDX line at the top:\n%s\n' "$missing"
exit 1
