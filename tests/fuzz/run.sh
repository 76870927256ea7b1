#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh BUILD PROGRAM LIMIT: goes on from the seeds and from what earlier runs found to reach new code, until libFuzzer's
# LIMIT (-max_total_time=SECONDS, -runs=N). An input that breaks something, takes 10 s or 1 GiB is kept in
# BUILD/artifacts, and the exit status is not 0.
set -eu

build=$1
program=$2
limit=$3
mkdir -p "$build/artifacts" "$build/corpus/$program"

# What trees are made of is allocated and freed all the time: no history of blocks, and of what was freed only the last
# MiB. Several times as many inputs find more than that would.
ASAN_OPTIONS=${ASAN_OPTIONS-malloc_context_size=0:quarantine_size_mb=1:max_malloc_fill_size=0:intercept_memcmp=0}
export ASAN_OPTIONS
exec "$build/bin/$program" "$limit" -max_len=10000 -timeout=10 -rss_limit_mb=1024 -entropic=0 -print_final_stats=1 \
    "-artifact_prefix=$build/artifacts/$program-" "$build/corpus/$program" "$build/seeds"
