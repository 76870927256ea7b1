# SPDX-License-Identifier: Apache-2.0
# Instructions that QEMU executed in an address range, from its log of -d exec,nochain,in_asm -dfilter RANGE: a block is
# listed when it is translated (in_asm) and named each time that it runs (exec). Before another program on awk's command
# line: on a line /^Trace/ that one has address(), where the block begins, and executed(), its instructions.
function address() {
    return substr($4, 19, 8)
}
function executed() {
    if (!($4 in length_of)) {
        length_of[$4] = listed[address()]
    }
    return length_of[$4]
}
/^IN:/ {
    begun = 0
}
/^0x/ {
    if (!begun++) {
        block = substr($1, 3, 8)
        listed[block] = 0
    }
    ++listed[block]
}
