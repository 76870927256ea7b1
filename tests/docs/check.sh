#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# check.sh [FOLDER]: checks that every link in the documents of a source tree leads somewhere, and that every file and
# test that they name exists.
set -euo pipefail
cd "${1:-$(dirname "$0")/../..}"
status=0

missing() {
    echo "$document: $1 '$2' does not exist"
    status=1
}

# exists PATTERN: a file or folder, or a glob that matches one
exists() {
    compgen -G "$1" >/dev/null
}

check_links() {
    local target
    while read -r target; do
        [[ $target == *:* || $target == '#'* ]] || exists "$(dirname "$document")/${target%%#*}" ||
            missing link "$target"
    done < <(grep -oP '\]\(\K[^)]+' "$document")
}

# check_name: checks what stands between backticks, if it has the shape of a name. PLATFORM stands for each platform.
check_name() {
    local name=${1//PLATFORM/*}
    case $name in
    hv/* | tools/* | tests/* | dts/* | configs/* | guests/* | docs/* | cmake/* | .ci/*)
        exists "$name" || missing file "$name"
        ;;
    core/* | vm/* | arch/* | run/*)
        exists "hv/$name" || missing file "hv/$name"
        ;;
    *_test)
        exists "tests/*/$name.cpp" || missing test "$name"
        ;;
    stage[12]_*)
        exists "tests/proof/$name.cpp" || missing 'case of the proof' "$name"
        ;;
    *.'*')
        [[ ${name%.*} == *[^a-z]* ]] || grep -qF "Case{\"${name%'*'}" guests/probe/case_*.cpp || missing 'group' "$name"
        ;;
    *.*)
        # GROUP.CASE, where there is such a group; anything else with a dot is not ours to judge.
        ! exists "guests/probe/case_${name%%.*}.cpp" || grep -qF "Case{\"$name\"" guests/probe/case_*.cpp ||
            missing 'case of the probe' "$name"
        ;;
    esac
}

check_names() {
    local name
    # shellcheck disable=SC2016 # the backticks are Markdown's
    local between='(?<!`)`\K[A-Za-z0-9_./*-]+(?=`(?!`))'
    while read -r name; do
        check_name "$name"
    done < <(grep -oP "$between" "$document" | sort -u)
}

# Code blocks show what a user types: their paths need not be there.
for document in README.md CHANGELOG.md $(find docs -name '*.md' | sort); do
    check_links
    check_names
done
exit $status
