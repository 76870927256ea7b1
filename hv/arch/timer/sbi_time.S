// SPDX-License-Identifier: Apache-2.0
// The trap entry of harts without Sstc (arch/timer/sbi_time.hpp), whose guests set their timers by SBI TIME, and often:
// that call is answered here, where it needs two registers.
#include "arch/trap.h"

#define SBI_TIME 0x54494d45
#define HVIP_VST (1 << 6)
#define SIE_ST (1 << 5)

    .section .text.hot, "ax", @progbits
    .globl trap_entry_without_sstc
    .balign 64
trap_entry_without_sstc:
    csrrw sp, sscratch, sp
    beqz sp, own_trap
    save 5, 6
    csrr t0, scause
    li t1, ECALL_VS
    bne t0, t1, 8f
    li t1, SBI_TIME
    beq a7, t1, 2f
1:  save 1, 7, 12, 13, 14, 15, 16, 17, 28, 29, 30, 31
    save_sp
    answer_ecall
2:  bnez a6, 1b
    // Does what SbiTime::set_guest() does. The guest's arguments are the firmware's, which keeps all registers but a0
    // and a1 (SBI, "Binary Encoding").
    step_over_ecall
    ld t1, HART_TIME_CALLS(sp)
    ld t0, 0(t1)
    addi t0, t0, 1
    sd t0, 0(t1)
    li t0, HVIP_VST
    csrc hvip, t0
    sd a0, HART_GUEST_TIMER(sp)
    ld t0, HART_OWN_TIMER(sp)
    bgeu t0, a0, 3f
    mv a0, t0
3:  ld t0, HART_ARMED_TIMER(sp)
    beq t0, a0, 4f
    sd a0, HART_ARMED_TIMER(sp)
    ecall
    li t0, SIE_ST
    csrs sie, t0
4:  li a0, 0
    li a1, 0
    load 5, 6
    csrrw sp, sscratch, sp
    sret
8:  save 1, 7, 12, 13, 14, 15, 16, 17, 28, 29, 30, 31
    save_sp
    answer_trap
