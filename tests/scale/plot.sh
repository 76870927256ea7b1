#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# plot.sh TABLE OUTPUT: draws what machines.sh found over the number of harts: a line for machines with a guest for each hart,
# and one for machines with one guest.
set -euo pipefail
awk '
    function text(x, y, more, what) { printf "<text x=\"%.1f\" y=\"%.1f\" %s>%s</text>\n", x, y, more, what }
    function x_of(harts) { return left + harts * 5 }
    function y_of(value, panel) { return top + height - value / highest[panel] * height }
    function draw(panel, series, color,    i, points) {
        for (i = 1; i <= rows[series]; ++i) {
            points = points sprintf("%.1f,%.1f ", x_of(harts[series, i]), y_of(value[series, i, panel], panel))
        }
        printf "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>\n", points, color
    }
    function panel(column, title, unit,    n) {
        text(left, top - 12, "font-weight=\"bold\"", title)
        printf "<rect x=\"%d\" y=\"%d\" width=\"320\" height=\"%d\" fill=\"none\" stroke=\"#ddd\"/>\n", left, top, height
        text(left - 6, top + 10, "text-anchor=\"end\"", sprintf("%d", highest[column] / unit))
        for (n = 0; n <= 64; n += 16) {
            text(x_of(n), top + height + 16, "text-anchor=\"middle\"", n)
        }
        draw(column, "each", "#2563a8")
        draw(column, "one", "#c0392b")
    }
    function add(series,    c) {
        harts[series, ++rows[series]] = $2
        for (c = 3; c <= 7; ++c) {
            value[series, rows[series], c] = $c
            if ($c > highest[c]) { highest[c] = $c }
        }
    }
    NR > 1 && $1 == $2 { add("each") }
    NR > 1 && $1 == 1 { add("one") }
    END {
        top = 60; height = 200
        print "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"820\" height=\"320\">"
        print "<style>text { font: 12px sans-serif; fill: #222 }</style><rect width=\"100%\" height=\"100%\" fill=\"white\"/>"
        left = 60; panel(3, "Million instructions of the hypervisor", 1000000)
        left = 470; panel(7, "KiB of memory of the hypervisor", 1)
        text(60, 310, "", "harts")
        text(120, 310, "style=\"fill:#2563a8\"", "&#9632; a guest for each hart")
        text(320, 310, "style=\"fill:#c0392b\"", "&#9632; one guest of all harts")
        print "</svg>"
    }' "$1" >"$2"
echo "mullion: $2"
