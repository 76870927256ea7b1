# SPDX-License-Identifier: Apache-2.0
# Prints the exits of one hart (cpu), after executed.awk, a line each: KIND INSTRUCTIONS OTHERS. KIND is `call` for the
# hot SBI calls, `register` for loads and stores of an emulated register, `exception` for others (and for accesses that
# must be decoded, hv/run/exits.cpp), and `interrupt`. OTHERS counts the exits of the other harts so far. The list ends
# where the hart ends its guest. The variables trap_entry and so on are addresses.
/^Trace/ {
    hart = $2 + 0
    if (hart != cpu) {
        others += address() == trap_entry
        next
    }
    # A block that is about to run when another hart interrupts QEMU's loop is named twice.
    if (address() == before) next
    before = address()
    if (before == end_guest) exit
    if (before == trap_entry) {
        if (kind != "") print kind, count, others + 0
        kind = "call"
        count = 0
    }
    count += executed()
    if (before == exception_entry || before == load_entry) kind = "register"
    if (before == answer_otherwise) kind = "exception"
    if (before == interrupt_entry) kind = "interrupt"
}
