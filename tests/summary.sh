#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# summary.sh JUNIT: reads ctest's report and ends with the count of the tests. A skip is allowed where tests/allowed-skips
# names the test with a reason (`NAME: REASON`), and fails otherwise. What a failed test wrote comes again in short, since
# it is far above by now. Exit status 0: no test failed.
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
    # Tells what a failed test wrote: 15 lines from the first failure on, and the last 25.
    function tell_output(    i) {
        for (i = 1; i <= lines; ++i) {
            if (i > lines - 25 || (failure != 0 && i >= failure && i < failure + 15)) {
                print "    " output[i]
            }
        }
    }
    function unescape(text) {
        gsub(/&lt;/, "<", text)
        gsub(/&gt;/, ">", text)
        gsub(/&quot;/, "\"", text)
        gsub(/&apos;/, "\047", text)
        gsub(/&amp;/, "\\&", text)
        return text
    }
    /^[ \t]*<testcase / {
        lines = failure = 0
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
    /<system-out>/ {
        is_output = status == "fail"
        sub(/.*<system-out>/, "")
    }
    is_output {
        is_last = sub(/<\/system-out>.*/, "")
        output[++lines] = unescape($0)
        if (failure == 0 && /: Failure|FAILED|[Ee]rror/) {
            failure = lines
        }
        if (is_last) {
            tell_output()
            is_output = 0
        }
    }
    END {
        printf "mullion: %d passed, %d failed, %d skipped\n", passed, failed, skipped
        exit failed > 0 || passed == 0
    }' report="$1" "$allowed" "$1"
