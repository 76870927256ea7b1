# SPDX-License-Identifier: Apache-2.0
# Checks the table of machines.sh: from row to row of a series (a guest for each hart; one guest of several harts) every
# column grows by the same for each hart, and what a hart other than the boot hart executes stays the same. The
# tolerance is for whole pages, for a hart's search for its own row, and for the console, which the hart that holds it
# writes for all: mostly the boot hart, once there are more than a few.
function check(series, what, value, spread,    id) {
    id = series ", " what
    if (!(id in least) || value < least[id]) { least[id] = value }
    if (!(id in most) || value > most[id]) { most[id] = value }
    allowed[id] = spread
}
function look(series,    i) {
    if (series in harts) {
        for (i = 3; i <= 7; ++i) {
            if (i != 5) {
                check(series, name[i], ($i - before[series, i]) / ($2 - harts[series]), i == 4 ? 1.6 : 1.2)
            }
        }
        check(series, "instructions of another hart", $5, 1.1)
    }
    harts[series] = $2
    for (i = 3; i <= 7; ++i) {
        before[series, i] = $i
    }
}
BEGIN {
    name[3] = "instructions"
    name[4] = "instructions of the boot hart"
    name[6] = "KiB of the image"
    name[7] = "KiB of memory"
}
NR > 1 && $1 == $2 { look("a guest for each hart") }
NR > 1 && $1 == 1 && $2 > 1 { look("one guest") }
END {
    for (id in least) {
        wrong = most[id] > least[id] * allowed[id]
        failed = failed || wrong
        printf "scale: %s: %.0f to %.0f a hart%s\n", id, least[id], most[id], wrong ? "  NOT LINEAR" : "" | "sort"
    }
    close("sort")
    exit failed
}
