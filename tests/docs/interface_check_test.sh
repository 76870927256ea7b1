#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# interface_check_test.sh: tests what interface_check.sh says of tables with rows that nothing holds.
# shellcheck disable=SC2016 # the backticks are Markdown's
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

mkdir -p "$tree"/{docs,guests/probe,tests/bench,tests/unit,tests/target}
touch "$tree/tests/unit/there_test.cpp"
printf '    Case{"group.there", f},\n    Case{"group.idle", f,\n        When::by_name},\n    Case{"group.asked", f, When::by_name},\n' >"$tree/guests/probe/case_group.cpp"
echo 'add_test(NAME bench.there COMMAND true)' >"$tree/tests/bench/CMakeLists.txt"
echo 'machine.type("group.asked\r");' >"$tree/tests/target/probe_test.cpp"

# check WANTED ROW...: what interface_check.sh says of a table with these rows, of which the first is line 5.
check() {
    local wanted=$1
    shift
    printf '%s\n' '# title' '' '| section | rule | held by |' '|---|---|---|' "$@" '' '| a | b |' '|---|---|' '| c | d |' \
        >"$tree/docs/interface.md"
    said=$("$here/interface_check.sh" "$tree" 2>&1) && status=0 || status=$?
    if [[ $said != "$wanted" ]] || [[ -n $wanted && $status -eq 0 ]] || [[ -z $wanted && $status -ne 0 ]]; then
        printf 'rows:\n%s\nwanted: %s\ngot (status %s): %s\n' "$*" "$wanted" "$status" "$said"
        exit 1
    fi
}

check '' '| 1 | a rule with `code` | `group.there` |' '| 1 | a | `group.asked` |' '| 1 | b | `there_test`, `group.*`, `bench.there` |'
check "docs/interface.md:5: there is no measurement 'bench.ther'" '| 1 | a | `bench.ther` |'
check "docs/interface.md:5: no test holds this rule" '| 1 | a | |'
check "docs/interface.md:5: no test holds this rule" '| 1 | a rule with `there_test` | words |'
check "docs/interface.md:6: no test holds this rule" '| 1 | a | `there_test` |' '| 2 | b | - |'
check "docs/interface.md:5: there is no test 'gone_test'" '| 1 | a | `group.there`, `gone_test` |'
check "docs/interface.md:5: no test on target runs 'group.idle'" '| 1 | a | `group.idle` |'
check "docs/interface.md:5: 'thing' is no test" '| 1 | a | `thing` |'
check "docs/interface.md:5: the probe has no case 'group.ther'
docs/interface.md:5: no test on target runs 'group.ther'" '| 1 | a | `group.ther` |'
check "docs/interface.md:1: there is no table with the column 'held by'"
