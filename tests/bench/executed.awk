# SPDX-License-Identifier: Apache-2.0
# Provides two functions to the program after this one on awk's command line. On a line /^Trace/ of QEMU's log,
# address() is where the block begins that has run, and executed() is the number of its instructions. The log is that of
# -d exec,nochain,in_asm -dfilter RANGE: a block is listed when it is translated (in_asm), and named each time that it
# runs (exec). Blocks are told apart by their virtual addresses, so guests should have none in the range. Of some blocks
# QEMU also makes a variant of one instruction, whose flags end in 01.
function address() {
    return substr($4, 19, 8)
}
function executed() {
    if (!($4 in length_of)) {
        length_of[$4] = $4 ~ /01\]$/ ? 1 : listed[address()]
    }
    return length_of[$4]
}
/^IN:/ {
    length_so_far = 0
}
/^0x/ {
    if (!length_so_far++) {
        block = substr($1, 3, 8)
    }
    if (length_so_far > listed[block]) {
        listed[block] = length_so_far
    }
}
