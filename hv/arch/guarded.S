// SPDX-License-Identifier: Apache-2.0
// Accesses that may trap: each returns a0 = value, a1 = scause of the trap or 0. The trap's own CSRs are put back, so
// that they can be used while a guest's exit is being handled.
#include "arch/offsets.h"

    .option arch, +h
    .option arch, +v
    .option arch, +zknh
    .text

// a5 = the hart's context, from sp.
.macro context
    srli a5, sp, STACK_BLOCK_SHIFT
    addi a5, a5, 1
    slli a5, a5, STACK_BLOCK_SHIFT
    addi a5, a5, -HART_SIZE
.endm

// From arm to disarm a trap goes on at \fixup, with t0 lost. a3 to a6 are kept until then.
.macro arm fixup
    context
    csrr a3, sstatus
    csrr a4, hstatus
    csrr a6, sepc
    lla t0, \fixup
    sd t0, HART_FIXUP(a5)
.endm
.macro disarm
    ld a1, HART_FAULT(a5)
    sd zero, HART_FAULT(a5)
    sd zero, HART_FIXUP(a5)
    csrw sepc, a6
    csrw sstatus, a3
    csrw hstatus, a4
.endm

arm_guard:
    arm disarm_guard
    jr t2
// Stores may be answered after the instructions behind them have been executed: the fence waits for them, so that a trap
// that comes late finds the guard armed.
settle_guard:
    fence
    .balign 4
disarm_guard:
    disarm
    ret

.macro guarded name, instruction:vararg
    .globl \name
\name:
    jal t2, arm_guard
    \instruction
    j disarm_guard
.endm

.macro guarded_store name, instruction:vararg
    .globl \name
\name:
    jal t2, arm_guard
    \instruction
    j settle_guard
.endm

// a0 = which of the registers behind `window`, a1 = bits to clear in it.
.macro guarded_clear name, select, window
    .globl \name
\name:
    jal t2, arm_guard
    csrw \select, a0
    csrrc a0, \window, a1
    csrw \select, zero
    j disarm_guard
.endm

// a3 = a loop of arch/memory.S, with its arguments in a0 to a2; between full fences, as Svpbmt asks for around cbo.flush
// (privileged manual). Returns a0 = the address up to which it has come.
    .globl guarded_loop
guarded_loop:
    mv a7, ra
    mv t2, a3
    arm 1f
    fence
    jalr t2
    fence
    .balign 4
1:  disarm
    mv a0, t6
    jr a7

    guarded guarded_load_word, lw a0, 0(a0)
    guarded guarded_load_doubleword, ld a0, 0(a0)
    guarded_store guarded_store_word, sw a1, 0(a0)
    guarded_store guarded_store_doubleword, sd a1, 0(a0)
    guarded_store guarded_zero_block, .insn i 0x0f, 2, x0, a0, 4     // cbo.zero
    guarded_store guarded_flush_block, .insn i 0x0f, 2, x0, a0, 2    // cbo.flush
    guarded_store guarded_discard_block, .insn i 0x0f, 2, x0, a0, 0  // cbo.inval
    guarded guarded_hash_word, sha256sum0 a0, a0
    guarded guarded_read_fcsr, csrr a0, fcsr
    guarded guarded_fill_vector, vsetvli a0, x0, e64, m1, ta, ma  // 0: no such elements (vtype.vill)
    guarded guarded_fetch_half, hlvx.hu a0, (a0)
    guarded guarded_load_guest, hlv.d a0, (a0)
    guarded guarded_load_guest_1, hlv.bu a0, (a0)
    guarded guarded_load_guest_2, hlv.hu a0, (a0)
    guarded guarded_load_guest_4, hlv.wu a0, (a0)
    guarded_store guarded_store_guest_1, hsv.b a1, (a0)
    guarded_store guarded_store_guest_2, hsv.h a1, (a0)
    guarded_store guarded_store_guest_4, hsv.w a1, (a0)
    guarded guarded_read_vstimecmp, csrr a0, vstimecmp
    guarded guarded_read_hstateen0, csrr a0, hstateen0

    guarded_clear guarded_clear_sireg, siselect, sireg
    guarded_clear guarded_clear_vsireg, vsiselect, vsireg
    guarded guarded_read_scountovf, csrr a0, 0xda0
    guarded guarded_poll_seed, csrrw a0, 0x015, zero

// a0 = number of the counter, 0..31.
    .globl guarded_read_counter
guarded_read_counter:
    slli a0, a0, 3
    lla t1, counter_reads
    add a0, a0, t1
    guarded guarded_call, jalr t1, a0

    .balign 8
counter_reads:
    .altmacro
    .macro counter_read number
    .balign 8
    csrr a0, 0xc00 + \number
    jr t1
    .endm
    .set n, 0
    .rept 32
    counter_read %n
    .set n, n + 1
    .endr
    .noaltmacro

// Before the H extension is known to be there hstatus cannot be saved; nothing of a guest is live yet.
    .globl guarded_read_hgatp
guarded_read_hgatp:
    context
    lla t0, 1f
    sd t0, HART_FIXUP(a5)
    csrr a0, hgatp
1:  ld a1, HART_FAULT(a5)
    sd zero, HART_FAULT(a5)
    sd zero, HART_FIXUP(a5)
    ret
