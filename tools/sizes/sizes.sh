#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# sizes.sh PREFIX FOLDER: prints what is how large in FOLDER/mullion.elf, in bytes: text by service (services.txt), the
# image, page tables, data. Uses nm and size of the cross compiler PREFIX, and FOLDER/report.txt for the number of
# guests and harts. Says TOO LARGE where a limit of services.txt is exceeded, UNUSED where a rule there matches nothing.
set -euo pipefail
prefix=$1
folder=$2
elf=$folder/mullion.elf
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# "function BYTES FILE NAME", once for each address. Those of the assembly files have no size.
functions() {
    "${prefix}nm" -S -C -l -t d "$elf" | awk -F'\t' '
        {
            split($1, word, " ")
            if (word[3] !~ /^[tTwW]$/ || word[1] in seen) next
            seen[word[1]] = 1
            name = $1
            sub(/^[^ ]+ [^ ]+ . /, "", name)
            gsub(/\(anonymous namespace\)::|\(\)/, "", name)
            sub(/\(.*/, "", name)
            sub(/^.*\/hv\//, "", $2)
            sub(/:[0-9?]*$/, "", $2)
            print "function", word[2] + 0, $2, name
        }'
}

{
    "${prefix}size" -A -d "$elf" | awk '/^\./ { print "section", $2, $1 }'
    "${prefix}nm" -S -C -t d "$elf" | awk '$3 ~ /^[dDbB]$/ { print "object", $2 + 0, $NF }'
    functions
} >"$work/parts"

awk '
    function row(name, bytes, more) { printf "%-34s %9d%s\n", name, bytes, more == "" ? "" : "  " more }
    function held(name, bytes, limit) {
        if (limit == "") row(name, bytes)
        else row(name, bytes, sprintf("of at most %d%s", limit, bytes > limit ? ": TOO LARGE" : ""))
    }
    function services_of(which,    i) {
        for (i = 1; i <= named; ++i) {
            if (belongs[order[i]] == which) held("    " which " " order[i], bytes[order[i]], limit[order[i]])
        }
    }
    FILENAME == services && /^limit/ { limit[$2] = $3 }
    FILENAME == services && /^(common|further)/ {
        group[++rules] = $1
        service[rules] = $2
        sub(/^[a-z]+ +[^ ]+ +/, "")
        rule[rules] = $0
    }
    FILENAME == report { guests += /^Partition /; harts += /^  hart [0-9]/ }
    $1 == "section" { section[$3] = $2 }
    $1 == "object" { object[$3] = $2 }
    $1 == "function" {
        size = $2
        sub(/^function [0-9]+ /, "")
        for (i = 1; i <= rules && $0 !~ rule[i]; ++i) {
        }
        if (i <= rules) {
            what = service[i]
            if (!(what in bytes)) order[++named] = what
            bytes[what] += size
            total[group[i]] += size
            belongs[what] = group[i]
            used[i] = 1
        }
    }
    END {
        text = section[".text"]
        base = text - total["common"] - total["further"]
        held("text", text, limit["text"])
        held("  base", base, limit["base"])
        held("  base and common services", base + total["common"], limit["common"])
        services_of("common")
        services_of("further")
        image = text + section[".rodata"] + section[".stage1"] + section[".data"]
        row("image without guests and stage 2", image)
        row("  without further services", image - total["further"])
        row("  text", text)
        row("  constants", section[".rodata"])
        row("  its own page tables", section[".stage1"])
        row("  data", section[".data"])
        row("stage-2 tables", section[".stage2"])
        row("  roots", harts * 16384, harts " harts, 16384 each")
        row("  below them", section[".stage2"] - harts * 16384)
        row("data that is zero at first", section[".bss"])
        for (name in object) {
            if (name ~ /::vcpus$/) vcpu = object[name] / harts
            if (name ~ /::channel_storage$/) ring = object[name] / (guests + 1)
            if (name ~ />::storage$/) vm = object[name] / guests
        }
        row("each hart", vcpu + 16384, vcpu " and a stack of 16384")
        row("each guest", vm + ring, vm " and a console of " ring)
        for (i = 1; i <= rules; ++i) {
            if (!used[i]) print "UNUSED", service[i], rule[i]
        }
    }' services="${SERVICES:-$(dirname "$0")/services.txt}" report="$folder/report.txt" \
    "${SERVICES:-$(dirname "$0")/services.txt}" "$folder/report.txt" "$work/parts"
