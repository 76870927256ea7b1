#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# fuzzer.sh PROGRAM ARGUMENT...: runs a fuzzer with the settings that all runs have in common.
#
# The sanitizer keeps no history of blocks, and only the last MiB that was freed: trees are allocated and freed all the
# time, and trying several times as many inputs finds more than the histories would. No input may need 1 GiB, nor one
# block of 256 MiB. The corpus is not read again meanwhile, since what that finds depends on the clock.
set -eu

program=$1
shift
ASAN_OPTIONS=${ASAN_OPTIONS-malloc_context_size=0:quarantine_size_mb=1:max_malloc_fill_size=0:intercept_memcmp=0}
export ASAN_OPTIONS
exec "$program" -reload=0 -rss_limit_mb=1024 -malloc_limit_mb=256 -entropic=0 "$@"
