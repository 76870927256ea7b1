# SPDX-License-Identifier: Apache-2.0
# Prints, after tests/bench/executed.awk, "HART INSTRUCTIONS LATER" for each hart: LATER counts from the first time on
# that the block at address `mark` runs. A loop that waits (by the hint `pause`) counts once, however often it goes
# round, since that depends on how the emulator shares its processor out.
function add(hart) {
    total[hart] += since[hart]
    later[hart] += marked ? since[hart] : 0
    since[hart] = 0
}
/^0x.*[^a-z](pause|0100000f)/ {
    waits[block] = 1
}
/^Trace/ {
    hart = $2 + 0
    if (!marked && address() == mark) {
        for (i in since) add(i)
        marked = 1
    }
    since[hart] += executed()
    if (address() in waits) {
        this_round = since[hart]
        if (this_round == round[hart]) since[hart] = 0
        add(hart)
        round[hart] = this_round
    }
}
END {
    for (hart in since) {
        add(hart)
        print hart, total[hart], later[hart] + 0
    }
}
