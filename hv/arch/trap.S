// SPDX-License-Identifier: Apache-2.0
// Trap entry and return. In VS/VU-mode sscratch holds the hart's context (arch/hart.hpp); in HS-mode it is 0, which is
// how a trap taken by the hypervisor itself is told apart.
#include "arch/offsets.h"

    .option arch, +h
    .text

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

// With a0 and a1 as they are.
.macro return_to_guest
    load 1, 5, 6, 7, 12, 13, 14, 15, 16, 17, 28, 29, 30, 31
    csrw sscratch, sp
    ld sp, HART_GPR(2)(sp)
    sret
.endm

    .globl trap_entry
    .balign 64
trap_entry:
    csrrw sp, sscratch, sp
    beqz sp, own_trap
    save 1, 5, 6, 7, 12, 13, 14, 15, 16, 17, 28, 29, 30, 31
    csrrw t0, sscratch, zero
    sd t0, HART_GPR(2)(sp)
    csrr t0, scause
    li t1, 10
    bne t0, t1, 1f
    // Environment call from VS-mode: the arguments are already where C++ expects them; no SBI function has one in a5.
    // The frame's a0 and a1 stay as they are: the result takes their place.
    // The call is over before it begins: whoever goes on elsewhere writes sepc.
    csrr t0, sepc
    addi t0, t0, 4
    csrw sepc, t0
    mv a5, sp
    call ecall_entry
    return_to_guest
1:  save 10, 11
    bltz t0, 2f
    // Exceptions may need every register: decoding, and reports. Those that C++ preserves are loaded only if one may
    // have got a new value in the frame.
    save 3, 4, 8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27
    mv a0, sp
    mv a1, t0
    call register_access_entry
    bgtz a0, 3f
    bltz a0, 4f
    mv a0, sp
    call exception_entry
4:  load 3, 4, 8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27
    j 3f
2:  mv a0, sp
    call interrupt_entry
3:  load 10, 11
    return_to_guest

    .globl enter_guest
// a0 = the hart's context: every register from its frame. sepc, sstatus and hstatus are set.
enter_guest:
    mv sp, a0
    load 3, 4, 8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27
    j 3b

    .globl restart_stack
// a0 = the hart's context, a1 = a function that does not return: all that lies on the stack is given up.
restart_stack:
    mv sp, a0
    jr a1

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
