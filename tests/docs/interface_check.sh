#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# interface_check.sh [FOLDER]: checks that every row of a `held by` table in docs/interface.md of a source tree names a
# test, and that every test that it names is there: a unit test, a measurement, or a case of the probe that a test on
# target runs.
set -euo pipefail
cd "${1:-$(dirname "$0")/../..}"
document=docs/interface.md
status=0

# fault ROW WHAT
fault() {
    echo "$document:$1: $2"
    status=1
}

# The rows as `LINE<tab>LAST CELL`.
rows() {
    awk -F'|' '
        !/^\|/ { held = 0; next }
        $(NF - 1) ~ /^ *held by *$/ { held = 1; next }
        held && !/^\|[-|: ]*$/ { print FNR "\t" $(NF - 1) }' "$document"
}

# tests/target/probe_test.cpp runs these cases, which are part of a group.
grouped=$(awk -v RS='Case[{]"' 'FNR > 1 && !/When::by_name/ { sub(/".*/, ""); print }' guests/probe/case_*.cpp)

# check ROW NAME
check() {
    local row=$1 name=$2 case=${2%'*'}
    case $name in
    *_test)
        compgen -G "tests/*/$name.cpp" >/dev/null || fault "$row" "there is no test '$name'"
        ;;
    bench.*)
        grep -qF "NAME $name " tests/bench/CMakeLists.txt || fault "$row" "there is no measurement '$name'"
        ;;
    *.*)
        local end='["\\,]' last='$'
        [[ $name != *'*' ]] || end='' last=''
        grep -qE "Case\{\"${case//./[.]}$end" guests/probe/case_*.cpp || fault "$row" "the probe has no case '$name'"
        # The name is in a group, alone in a string, or in a list that is typed, which ends in \r.
        grep -q "^${case//./[.]}$last" <<<"$grouped" ||
            grep -qE "[\",]${case//./[.]}$end" tests/target/*_test.cpp || fault "$row" "no test on target runs '$name'"
        ;;
    *)
        fault "$row" "'$name' is no test"
        ;;
    esac
}

tables=0
while IFS=$'\t' read -r row cell; do
    tables=1
    # shellcheck disable=SC2016 # the backticks are Markdown's
    names=$(grep -o '`[^`]*`' <<<"$cell" | tr -d '`' || true)
    [[ -n $names ]] || fault "$row" "no test holds this rule"
    for name in $names; do
        check "$row" "$name"
    done
done < <(rows)
[[ $tables = 1 ]] || fault 1 "there is no table with the column 'held by'"
exit $status
