# SPDX-License-Identifier: Apache-2.0
# Completion of partc's command line: source this file in bash.

# Verbs, and what else a word may be, come from partc's own help: this file names neither verbs nor options.
_partc() {
    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local verb=${COMP_WORDS[1]}
    local words=
    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        words=$("${COMP_WORDS[0]}" --help 2>/dev/null | sed -n '/^Subcommands:/,/^$/s/^  \([a-z]\+\) .*/\1/p')
    elif [[ $before == --include || $before == --images || $before == --output ]]; then
        mapfile -t COMPREPLY < <(compgen -d -- "$current")
        return
    elif [[ $before == --platform || $before == --load-address ]]; then
        return
    elif [[ $current == -* ]]; then
        words=$("${COMP_WORDS[0]}" "$verb" --help 2>/dev/null | grep -oE '(^|[ ,])--[a-z-]+' | tr -d ' ,' | sort -u)
    else
        mapfile -t COMPREPLY < <(compgen -d -- "$current"; compgen -f -X '!*.dts' -- "$current")
        return
    fi
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -o filenames -F _partc partc
