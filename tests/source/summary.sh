#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Holds tests/summary.sh against a report with a test that passed, one that failed and one that was skipped.
set -eu
cd "$(dirname "$0")/../.."

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() {
    echo "summary.sh: $1; it printed:" >&2
    cat "$folder/printed" >&2
    exit 1
}

{
    echo '<testsuite>'
    echo ' <testcase name="good" status="run">'
    echo '  <system-out>of the good one</system-out>'
    echo ' </testcase>'
    echo ' <testcase name="bad" status="fail">'
    echo '  <failure message="Failed"/>'
    echo '  <system-out>first'
    i=0
    while [ $i -lt 30 ]; do echo "before"; i=$((i + 1)); done
    echo 'place.cpp:7: Failure'
    echo '&lt;a&gt; &amp; &quot;b&quot;'
    while [ $i -lt 90 ]; do echo "after $i"; i=$((i + 1)); done
    echo 'last</system-out>'
    echo ' </testcase>'
    echo ' <testcase name="left out" status="notrun">'
    echo ' </testcase>'
    echo '</testsuite>'
} >"$folder/report"

if tests/summary.sh "$folder/report" >"$folder/printed"; then
    fail "a report with a failed test must give another exit status than 0"
fi
tail -n 1 "$folder/printed" | grep -qx 'mullion: 1 passed, 2 failed, 0 skipped' || fail "the last line must count"
for line in '    place.cpp:7: Failure' '    <a> & "b"' '    after 42' '    after 66' '    last'; do
    grep -qxF -- "$line" "$folder/printed" || fail "'$line' must be there"
done
for line in '    first' '    after 43' '    after 65' '    of the good one'; do
    ! grep -qxF -- "$line" "$folder/printed" || fail "'$line' must not be there"
done

sed 's/status="fail"/status="run"/; s/ status="notrun"/ status="run"/' "$folder/report" >"$folder/passed"
tests/summary.sh "$folder/passed" >"$folder/printed" || fail "a report of passed tests must give exit status 0"
echo "tests/summary.sh tells what failed, and counts."
