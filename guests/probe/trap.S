# SPDX-License-Identifier: Apache-2.0
# Handles traps, and runs code that may trap. sscratch always holds the hart's Hart.
#include "offsets.h"

    .text
    .globl trap_entry
    .balign 4
trap_entry:
    csrrw   tp, sscratch, tp
    .irp    n, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    sd      x\n, 8*\n(tp)
    .endr
    csrrw   t0, sscratch, tp
    sd      t0, 8*4(tp)
    csrr    t0, sepc
    sd      t0, HART_PC(tp)
    csrr    t0, sstatus
    sd      t0, HART_STATUS(tp)
    ld      sp, HART_TRAP_STACK(tp)
    mv      a0, tp
    call    handle_trap
    csrr    tp, sscratch
    ld      t0, HART_PC(tp)
    csrw    sepc, t0
    ld      t0, HART_STATUS(tp)
    csrw    sstatus, t0
    .irp    n, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    ld      x\n, 8*\n(tp)
    .endr
    ld      tp, 8*4(tp)
    sret

    .macro  save_context context
    sd      ra, 0(\context)
    sd      sp, 8(\context)
    .irp    n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    sd      s\n, 16+8*\n(\context)
    .endr
    .endm

# u64 call_with_context(u64 pc, Context*, u64 a0, u64 a1): calls pc with a0 and a1; returns its result, or
# leave_context's.
    .globl call_with_context
call_with_context:
    save_context a1
    mv      s0, a1
    mv      t0, a0
    mv      a0, a2
    mv      a1, a3
    jalr    t0
    mv      a1, a0
    mv      a0, s0

# [[noreturn]] void leave_context(Context*, u64 result): returns from the call that saved the context.
    .globl leave_context
leave_context:
    ld      ra, 0(a0)
    ld      sp, 8(a0)
    .irp    n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    ld      s\n, 16+8*\n(a0)
    .endr
    mv      a0, a1
    ret

# u64 enter_user_mode(u64 pc, Context*, u64 a0, u64 a1): as call_with_context, in U-mode, which only a trap ends.
    .globl enter_user_mode
enter_user_mode:
    save_context a1
    csrw    sepc, a0
    li      t0, 1 << 8
    csrc    sstatus, t0
    mv      a0, a2
    mv      a1, a3
    sret

# void call_with_registers(u64 (*x)[32]): makes an ecall with all registers, except sp, from x[]; afterwards x[] has
# them as after the call, and x[0] is sp before it. sscratch holds the address of x meanwhile, so no trap may happen.
    .globl call_with_registers
call_with_registers:
    addi    sp, sp, -144
    save_context sp
    sd      gp, 112(sp)
    sd      tp, 120(sp)
    csrrw   t0, sscratch, a0
    sd      t0, 128(sp)
    sd      sp, 0(a0)
    .irp    n, 1, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 10
    ld      x\n, 8*\n(a0)
    .endr
    ecall
    csrrw   sp, sscratch, sp
    .irp    n, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    sd      x\n, 8*\n(sp)
    .endr
    mv      a0, sp
    csrr    t0, sscratch
    sd      t0, 16(a0)
    ld      sp, 0(a0)
    ld      t0, 128(sp)
    csrw    sscratch, t0
    ld      gp, 112(sp)
    ld      tp, 120(sp)
    mv      t0, sp
    addi    a1, sp, 144
    ld      ra, 0(t0)
    .irp    n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    ld      s\n, 16+8*\n(t0)
    .endr
    mv      sp, a1
    ret
