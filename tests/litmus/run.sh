#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh: asks herd7 about each litmus test, and holds its answers to the table of README.md.
set -u
cd "$(dirname "$0")" || exit 1

if ! command -v herd7 >/dev/null; then
    echo "mullion: herd7 is not installed, and Debian does not have it: no litmus test was run" >&2
    exit 1
fi

failed=0
for file in *.litmus; do
    name=${file%.litmus}
    expected=$(awk -F'|' -v name="\`$name\`" 'index($2, name) { gsub(/ /, "", $3); print $3 }' README.md)
    answer=$(herd7 "$file" | sed -n 's/^Observation [^ ]* \([A-Z][a-z]*\) .*/\1/p' | tr '[:upper:]' '[:lower:]')
    echo "$name: ${answer:-no answer}"
    if [ "$answer" != "$expected" ]; then
        echo "$name: README.md says ${expected:-nothing}" >&2
        failed=1
    fi
done
exit $failed
