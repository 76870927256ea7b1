#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# configure.sh PRESET -DVARIABLE=VALUE...: runs CMake in build/PRESET where these arguments are new. For all other reasons
# ninja runs it.
set -eu

preset=$1
shift
folder=build/$preset
arguments="CROSS_COMPILE=${CROSS_COMPILE:-} $*"
known=$(cat "$folder/arguments" 2>/dev/null || true)
[ "$arguments" != "$known" ] || [ ! -e "$folder/build.ninja" ] || exit 0

# A build folder keeps its compiler for life.
fresh=
[ "${arguments%% *}" = "${known%% *}" ] || fresh=--fresh
mkdir -p "$folder"
rm -f "$folder/arguments"
# shellcheck disable=SC2086 # none or one word
if ! cmake $fresh --preset "$preset" ${CROSS_COMPILE:+-DCROSS_COMPILE="$CROSS_COMPILE"} "$@" >"$folder/configure.log" 2>&1
then
    cat "$folder/configure.log" >&2
    exit 1
fi
grep -A 3 '^CMake Warning' "$folder/configure.log" >&2 || true
printf '%s' "$arguments" >"$folder/arguments"
