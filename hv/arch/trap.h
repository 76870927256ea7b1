// SPDX-License-Identifier: Apache-2.0
// What the trap entries (arch/timer/) have in common. In VS/VU-mode sscratch holds the hart's context (arch/hart.hpp); in
// HS-mode it is 0, which is how a trap taken by the hypervisor itself is told apart.
#include "arch/offsets.h"

#define ECALL_VS 10
#define LOAD_GUEST_PAGE 21

    .option arch, +h

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

// Any trap but an environment call, with scause in t0, once a0 and a1 are all that is left to be saved.
.macro answer_trap
    save 10, 11
    bgez t0, 2f
    mv a0, sp
    call interrupt_entry
1:  load 10, 11
    return_to_guest
    // A load changes one register, mostly none that C++ preserves. But an instruction may store any of them.
2:  li t1, LOAD_GUEST_PAGE
    bne t0, t1, 3f
    mv a0, sp
    call load_entry
    beqz a0, 1b
    ld a1, 0(a0)
    save_preserved
    beq a0, sp, 4f
    sd a1, 0(a0)
    j 5f
3:  save_preserved
4:  mv a0, sp
    call exception_entry
    beqz a0, 1b
5:  load_preserved
    j 1b
.endm
