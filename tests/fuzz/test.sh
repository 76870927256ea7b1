#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# test.sh BUILD fuzz_NAME COUNT WHAT=LEAST...: tries COUNT inputs, the same each time, from the fuzzer's small seeds.
# None may break anything, and at least LEAST of them must come to what the fuzzer tallies as WHAT.
# test.sh BUILD planted_NAME COUNT WORDS: tries COUNT inputs, for one of which the fuzzer must stop with these words.
set -u

build=$1
program=$2
count=$3
shift 3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/corpus"
lengths=-max_len=4000
case $program in
*firmware*) seeds=firmware ;;
*console*)
    # Lines need long inputs, and how slowly fuzzers make them longer differs between their versions.
    seeds=console
    lengths="-max_len=400 -len_control=0"
    ;;
*) seeds=small ;;
esac

# fuzz COUNT: with 0 only the seeds are tried
fuzz() {
    # shellcheck disable=SC2086  # two arguments
    "$(dirname "$0")/fuzzer.sh" "$build/bin/$program" -seed=1 "-runs=$1" $lengths -timeout=60 \
        "-artifact_prefix=$folder/" "$folder/corpus" "$build/seeds/$seeds" >"$folder/log" 2>&1
}

fail() {
    echo "$program: $*"
    tail -n 60 "$folder/log"
    # The input is the way to the defect: base64 -d gives it back.
    for found in "$folder"/crash-* "$folder"/timeout-* "$folder"/oom-* "$folder"/leak-*; do
        [ ! -e "$found" ] || { echo "$found:" && gzip -9 <"$found" | base64; }
    done
    exit 1
}

case $program in
planted_*)
    fuzz 0 || fail "the seeds alone show the defect: nothing is fuzzed for it"
    ! fuzz "$count" || fail "the planted defect was not found among $count inputs"
    grep -q -e "$1" "$folder/log" || fail "stopped, but not with '$1'"
    ;;
*)
    fuzz "$count" || fail "found something"
    grep -q "^Done $count runs" "$folder/log" || fail "did not do $count runs"
    for least in "$@"; do
        tally=$(sed -n "s/^tally: ${least%=*} //p" "$folder/log")
        echo "$program: ${least%=*}: ${tally:=0}"
        [ "$tally" -ge "${least#*=}" ] || fail "only $tally of $count inputs are ${least%=*}, wanted ${least#*=}"
    done
    ;;
esac
