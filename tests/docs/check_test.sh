#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# check_test.sh: tests what check.sh finds in a tree whose documents name something that is not there.
# shellcheck disable=SC2016 # the backticks are Markdown's
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

mkdir -p "$tree"/{docs,hv/core,guests/probe,tests/unit,tests/proof}
touch "$tree/hv/core/there.hpp" "$tree/tests/unit/there_test.cpp" "$tree/tests/proof/stage2_there.cpp" "$tree/docs/there.md"
echo 'Case{"group.there", f},' >"$tree/guests/probe/case_group.cpp"

# check WANTED: the words on the standard input are a document; WANTED is what check.sh says of it.
check() {
    cat >"$tree/README.md"
    said=$("$here/check.sh" "$tree" 2>&1) && status=0 || status=$?
    if [[ $said != "$1" ]] || [[ -n $1 && $status -eq 0 ]] || [[ -z $1 && $status -ne 0 ]]; then
        printf 'the document:\n%s\nwanted: %s\ngot (status %s): %s\n' "$(cat "$tree/README.md")" "$1" "$status" "$said"
        exit 1
    fi
}
touch "$tree/CHANGELOG.md"

check '' <<'END'
[a](docs/there.md) [b](docs/there.md#part) [c](#part) [d](https://example.org/x) `hv/core/there.hpp` `core/there.hpp`
`hv/core/*.hpp` `there_test` `stage2_there` `group.there` `group.*` `other.thing` `build/PLATFORM/x`
    make -C hv/core/not-there.hpp
END
check "README.md: link 'docs/not-there.md' does not exist" <<<'[a](docs/not-there.md)'
check "README.md: file 'hv/core/not-there.hpp' does not exist" <<<'`hv/core/not-there.hpp`'
check "README.md: file 'hv/core/not-there.hpp' does not exist" <<<'`core/not-there.hpp`'
check "README.md: file 'hv/core/*.S' does not exist" <<<'`hv/core/*.S`'
check "README.md: test 'not_there_test' does not exist" <<<'`not_there_test`'
check "README.md: case of the proof 'stage2_not_there' does not exist" <<<'`stage2_not_there`'
check "README.md: case of the probe 'group.not-there' does not exist" <<<'`group.not-there`'
check "README.md: group 'nogroup.*' does not exist" <<<'`nogroup.*`'
