#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# ninja.sh FOLDER TARGET...: ninja, with what a person wants to read of it: its progress (on one line where this is a
# terminal) and the messages of what it runs.
set -euo pipefail

# A ccache that writes relative paths into the lists of what was read (base_dir) would hide from ninja that a description's
# tables come from what partc writes outside of FOLDER.
export CCACHE_BASEDIR=

folder=$1
shift
terminal=
width=$((${COLUMNS:-80} - 1))
[ ! -t 1 ] || terminal=yes

show() {
    local progress=
    while IFS= read -r line; do
        case $line in
        'ninja: Entering directory'* | 'ninja: no work to do.' | 'ninja: build stopped'*) ;;
        '-- '* | *'] Re-running CMake...' | *'] Re-checking globbed directories...' | 'FAILED: '* | 'cd '*' && '*) ;;
        '['[0-9]*/[0-9]*'] '*)
            if [ $terminal ]; then
                printf '\r%s\e[K' "${line:0:width}"
                progress=yes
            else
                printf '%s\n' "$line"
            fi
            ;;
        *)
            [ ! $progress ] || printf '\n'
            progress=
            printf '%s\n' "$line"
            ;;
        esac
    done
    [ ! $progress ] || printf '\r\e[K'
}

ninja -C "$folder" "$@" 2>&1 | show
