#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# plot.sh FOLDER: draws FOLDER/bench.txt as FOLDER/bench.svg: for each operation a bar for bare OpenSBI and one for
# Mullion, on a logarithmic scale, and a mark for the budget.
set -euo pipefail
folder=$1

awk '
    function text(x, y, more, what) { printf "<text x=\"%.1f\" y=\"%.1f\" %s>%s</text>\n", x, y, more, what }
    function line(x, y1, y2, color) {
        printf "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>\n", x, y1, x, y2, color
    }
    function at(value) { return left + log(value < 1 ? 1 : value) / log(10) * decade }
    function bar(y, value, mark, color) {
        printf "<rect x=\"%d\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n",
               left, y, at(value) - left + 1, bar_height, color
        text(at(value > mark ? value : mark) + 5, y + bar_height - 2, "class=\"value\"", value)
    }
    NR > 1 && NF >= 4 { name[++rows] = $1; bare[rows] = $2; mullion[rows] = $3; budget[rows] = $4 }
    END {
        left = 140; decade = 150; top = 60; row = 34; bar_height = 11
        bottom = top + rows * row
        printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\">\n",
               left + 4 * decade + 80, bottom + 40
        print "<style>text { font: 12px sans-serif; fill: #222 } .value { font-size: 10px; fill: #555 }</style>"
        print "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>"
        text(left, 20, "font-weight=\"bold\"", "Instructions of the whole machine, for each operation of a guest")
        text(left, 40, "style=\"fill:#8a8f98\"", "&#9632; bare OpenSBI")
        text(left + 130, 40, "style=\"fill:#2563a8\"", "&#9632; Mullion")
        text(left + 220, 40, "style=\"fill:#c0392b\"", "| budget")
        for (power = 0; power <= 4; ++power) {
            line(at(10 ^ power), top - 6, bottom, "#ddd")
            text(at(10 ^ power), bottom + 16, "text-anchor=\"middle\"", 10 ^ power)
        }
        for (i = 1; i <= rows; ++i) {
            y = top + (i - 1) * row
            text(left - 8, y + bar_height + 4, "text-anchor=\"end\"", name[i])
            bar(y, bare[i], 0, "#8a8f98")
            bar(y + bar_height + 1, mullion[i], budget[i], "#2563a8")
            line(at(budget[i]), y + bar_height - 1, y + 2 * bar_height + 4, "#c0392b")
        }
        print "</svg>"
    }' "$folder/bench.txt" >"$folder/bench.svg"
echo "mullion: $folder/bench.svg"
