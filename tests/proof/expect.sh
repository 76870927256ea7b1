#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# expect.sh FILE COMPILER [ARGUMENT...]: compiles FILE. Its second line says what must happen: `// compiles`, or
# `// fails: MESSAGE`, where MESSAGE is that of the only failing static_assert with a message. The static_assert that
# states the claim fails, too, without a message.
set -u
file=$1
shift
expected=$(sed -n '2s,^// ,,p' "$file")
output=$(LC_ALL=C "$@" -std=c++23 -fsyntax-only "$file" 2>&1)
status=$?
said=$(printf '%s\n' "$output" | sed -n 's/^.*: error: //p' | sort -u)

case $expected in
    compiles)
        [ $status -eq 0 ] && [ -z "$output" ] && exit 0
        ;;
    'fails: '*)
        message="static assertion failed: ${expected#fails: }"
        [ $status -ne 0 ] && [ "$said" = "static assertion failed
$message" ] && exit 0
        ;;
esac
printf '%s: expected: %s; the compiler ended with %s:\n%s\n' "$file" "$expected" "$status" "$output" >&2
exit 1
