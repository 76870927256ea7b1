// SPDX-License-Identifier: Apache-2.0
// The trap entry of harts with Sstc (arch/timer/sstc.hpp).
#include "arch/trap.h"

    .section .text.hot, "ax", @progbits
    .globl trap_entry
    .balign 64
trap_entry:
    csrrw sp, sscratch, sp
    beqz sp, own_trap
    save 1, 5, 6, 7, 12, 13, 14, 15, 16, 17, 28, 29, 30, 31
    save_sp
    csrr t0, scause
    li t1, ECALL_VS
    bne t0, t1, 1f
    answer_ecall
1:  answer_trap
