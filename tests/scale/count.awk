# SPDX-License-Identifier: Apache-2.0
# Behind tests/bench/executed.awk: "HART INSTRUCTIONS" for each hart. A loop that waits (by the hint `pause`) counts once,
# however often it goes round: that depends on how the emulator shares its processor out.
/^0x.*[^a-z](pause|0100000f)/ {
    waits[block] = 1
}
/^Trace/ {
    hart = $2 + 0
    since[hart] += executed()
    if (address() in waits) {
        if (since[hart] != round[hart]) {
            total[hart] += since[hart]
        }
        round[hart] = since[hart]
        since[hart] = 0
    }
}
END {
    for (hart in since) {
        print hart, total[hart] + since[hart]
    }
}
