#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# summary.sh JUNIT: reads ctest's report and ends with the count of the tests. A skip is allowed where tests/allowed-skips
# names the test with a reason (`NAME: REASON`), and fails otherwise. Exit status 0: no test failed.
set -eu

allowed=$(dirname "$0")/allowed-skips
if [ ! -s "$1" ]; then
    echo "mullion: ctest wrote no report; nothing was tested" >&2
    exit 1
fi
[ -e "$allowed" ] || allowed=/dev/null

awk '
    FILENAME != report {
        if (match($0, /^[^#: ][^:]*: *[^ ]/)) {
            allowed[substr($0, 1, index($0, ":") - 1)] = 1
        }
        next
    }
    /^[ \t]*<testcase / {
        name = $0
        sub(/.* name="/, "", name)
        sub(/".*/, "", name)
        status = $0
        sub(/.* status="/, "", status)
        sub(/".*/, "", status)
        if (status == "run") {
            ++passed
        } else if (status == "fail") {
            ++failed
            print "mullion: failed: " name
        } else if (name in allowed) {
            ++skipped
            print "mullion: skipped: " name
        } else {
            ++failed
            print "mullion: failed: " name " was skipped, and tests/allowed-skips does not allow it"
        }
    }
    END {
        printf "mullion: %d passed, %d failed, %d skipped\n", passed, failed, skipped
        exit failed > 0 || passed == 0
    }' report="$1" "$allowed" "$1"
