// SPDX-License-Identifier: Apache-2.0
// Enters guests otherwise than by the return from a trap, and takes traps that are not the guest's.
#include "arch/trap.h"

    .section .text.hot, "ax", @progbits
    .globl enter_guest
// a0 = the hart's context: every register from its frame. sepc, sstatus and hstatus are set.
enter_guest:
    mv sp, a0
    load_preserved
    load 10, 11
    return_to_guest

    .globl park
// a0 = the hart's context: all that lies on the stack is given up.
park:
    mv sp, a0
    tail park_entry

    .globl own_trap
// A trap taken in HS-mode: expected at a guarded access (arch/guarded.S), otherwise a bug of ours.
own_trap:
    csrr sp, sscratch
    srli sp, sp, STACK_BLOCK_SHIFT
    addi sp, sp, 1
    slli sp, sp, STACK_BLOCK_SHIFT
    addi sp, sp, -HART_SIZE
    sd t0, HART_SPARE(sp)
    ld t0, HART_FIXUP(sp)
    beqz t0, 1f
    csrw sepc, t0
    csrr t0, scause
    sd t0, HART_FAULT(sp)
    csrrw sp, sscratch, zero
    sret
    // The frame of the guest is not needed any more; the interrupted stack may be the fault itself, so it is not used.
1:  ld t0, HART_SPARE(sp)
    save 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    csrrw t0, sscratch, zero
    sd t0, HART_GPR(2)(sp)
    mv a0, sp
    tail own_trap_panic
