// SPDX-License-Identifier: Apache-2.0
// Trap entry and return. In VS/VU-mode sscratch holds the hart's context (arch/hart.hpp); in HS-mode it is 0, which is
// how a trap taken by the hypervisor itself is told apart.
#include "arch/offsets.h"

#define ECALL_VS 10
#define LOAD_GUEST_PAGE 21
#define SBI_TIME 0x54494d45
#define HVIP_VST (1 << 6)
#define SIE_ST (1 << 5)

    .option arch, +h
    .section .text.hot, "ax", @progbits

.macro save regs:vararg
    .irp n, \regs
    sd x\n, HART_GPR(\n)(sp)
    .endr
.endm
.macro load regs:vararg
    .irp n, \regs
    ld x\n, HART_GPR(\n)(sp)
    .endr
.endm

// Those that C++ preserves.
.macro save_preserved
    save 3, 4, 8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27
.endm
.macro load_preserved
    load 3, 4, 8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27
.endm

// With a0 and a1 as they are.
.macro return_to_guest
    load 1, 5, 6, 7, 12, 13, 14, 15, 16, 17, 28, 29, 30, 31
    csrw sscratch, sp
    ld sp, HART_GPR(2)(sp)
    sret
.endm

// The guest's sp, by way of t1; from here on a trap is the hypervisor's own.
.macro save_sp
    csrrw t1, sscratch, zero
    sd t1, HART_GPR(2)(sp)
.endm

// Advances sepc first: handlers that resume the guest elsewhere overwrite it.
.macro step_over_ecall
    csrr t0, sepc
    addi t0, t0, 4
    csrw sepc, t0
.endm

// Environment call from VS-mode: the arguments are already where C++ expects them; no SBI function has one in a5.
// The frame's a0 and a1 stay as they are: the result takes their place.
.macro answer_ecall
    step_over_ecall
    mv a5, sp
    call ecall_entry
    return_to_guest
.endm

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
1:  save 10, 11
    bgez t0, 4f
    mv a0, sp
    call interrupt_entry
3:  load 10, 11
    return_to_guest
    // A load changes one register, mostly none that C++ preserves. But an instruction may store any of them.
4:  li t1, LOAD_GUEST_PAGE
    bne t0, t1, 5f
    mv a0, sp
    call load_entry
    beqz a0, 3b
    ld a1, 0(a0)
    save_preserved
    beq a0, sp, 6f
    sd a1, 0(a0)
    j 7f
5:  save_preserved
6:  mv a0, sp
    call exception_entry
    beqz a0, 3b
7:  load_preserved
    j 3b

    .globl trap_entry_without_sstc
    .balign 64
// The same on harts without Sstc (arch/timer.hpp), whose guests set their timers by SBI TIME, and often: that call is
// answered here, where it needs two registers.
trap_entry_without_sstc:
    csrrw sp, sscratch, sp
    beqz sp, own_trap
    save 5, 6
    csrr t0, scause
    li t1, ECALL_VS
    bne t0, t1, 6f
    li t1, SBI_TIME
    beq a7, t1, 7f
5:  save 1, 7, 12, 13, 14, 15, 16, 17, 28, 29, 30, 31
    save_sp
    answer_ecall
6:  save 1, 7, 12, 13, 14, 15, 16, 17, 28, 29, 30, 31
    save_sp
    j 1b
7:  bnez a6, 5b
    // What run/alarm.cpp does: the firmware is asked only if the earliest time changes. It has its arguments already,
    // and keeps all registers but a0 and a1 (SBI, "Binary Encoding").
    step_over_ecall
    ld t1, HART_TIME_CALLS(sp)
    ld t0, 0(t1)
    addi t0, t0, 1
    sd t0, 0(t1)
    li t0, HVIP_VST
    csrc hvip, t0
    sd a0, HART_GUEST_TIMER(sp)
    ld t0, HART_OWN_TIMER(sp)
    bgeu t0, a0, 8f
    mv a0, t0
8:  ld t0, HART_ARMED_TIMER(sp)
    beq t0, a0, 9f
    sd a0, HART_ARMED_TIMER(sp)
    ecall
    li t0, SIE_ST
    csrs sie, t0
9:  li a0, 0
    li a1, 0
    load 5, 6
    csrrw sp, sscratch, sp
    sret

    .globl enter_guest
// a0 = the hart's context: every register from its frame. sepc, sstatus and hstatus are set.
enter_guest:
    mv sp, a0
    load_preserved
    j 3b

    .globl park
// a0 = the hart's context: all that lies on the stack is given up.
park:
    mv sp, a0
    tail park_entry

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
