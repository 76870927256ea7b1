#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh BUILD PROGRAM LIMIT: goes on from the seeds and from what earlier runs found to reach new code, until libFuzzer's
# LIMIT (-max_total_time=SECONDS, -runs=N). An input that breaks something, takes 10 s or 1 GiB is kept in
# BUILD/artifacts, and the exit status is not 0.
set -eu

build=$1
program=$2
limit=$3
here=$(dirname "$0")
mkdir -p "$build/artifacts" "$build/corpus/$program"
case $program in
*console*) set -- "$build/seeds/console" ;;
*) set -- "$build/seeds/small" "$build/seeds/all" "$build/seeds/firmware" ;;
esac
exec "$here/fuzzer.sh" "$build/bin/$program" "$limit" -max_len=10000 -timeout=10 -print_final_stats=1 \
    "-artifact_prefix=$build/artifacts/$program-" "$build/corpus/$program" "$@"
