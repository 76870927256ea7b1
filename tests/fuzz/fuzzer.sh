#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# fuzzer.sh PROGRAM ARGUMENT...: with what all runs have in common.
#
# What trees are made of is allocated and freed all the time: no history of blocks, and of what was freed only the last
# MiB. Several times as many inputs find more than that would. No input may need 1 GiB, nor one block of 256 MiB. The
# corpus is not read again meanwhile: what that finds is a matter of time.
set -eu

program=$1
shift
ASAN_OPTIONS=${ASAN_OPTIONS-malloc_context_size=0:quarantine_size_mb=1:max_malloc_fill_size=0:intercept_memcmp=0}
export ASAN_OPTIONS
exec "$program" -reload=0 -rss_limit_mb=1024 -malloc_limit_mb=256 -entropic=0 "$@"
