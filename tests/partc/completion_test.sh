#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# completion_test.sh PARTC: what tools/partc/completion.bash offers for a command line that is being typed.
set -euo pipefail
partc=$(realpath "$1")
# shellcheck source=tools/partc/completion.bash
source "$(dirname "$0")/../../tools/partc/completion.bash"
cd "$(dirname "$0")/good"
status=0

# offered WORD...: the last one is being typed
offered() {
    COMP_WORDS=("$partc" "$@")
    COMP_CWORD=$#
    _partc
    printf '%s\n' "${COMPREPLY[@]}" | sort | paste -sd ' '
}

# expect WANTED WORD...
expect() {
    local wanted=$1 got
    shift
    got=$(offered "$@")
    if [[ $got != "$wanted" ]]; then
        echo "partc $*: wanted '$wanted', got '$got'"
        status=1
    fi
}

expect 'board build diff explain map report tree words' ''
expect 'explain' e
expect '--image --images --include' report --i
expect '--color' build --c
expect '' tree --c
expect '--svg' map --s
expect 'crowded.dts' map --svg cr
expect '../bad ../board' report --include ../b
expect '' report --platform r
exit $status
