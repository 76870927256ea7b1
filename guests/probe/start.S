# SPDX-License-Identifier: Apache-2.0
# Two entry points: for the first hart, and for others, by HSM.
#include "offsets.h"

    .section .text.start, "ax"
    .globl _start
_start:
    # Saves every register unchanged, for the case about what a fresh guest sees. sscratch provides the one register
    # that this needs; if it is not zero, the place of x0 shows that.
    csrrw   t0, sscratch, t0
    beqz    t0, 1f
    la      t0, entry_registers
    sd      t0, 0(t0)
1:  la      t0, entry_registers
    sd      x1, 8(t0)
    sd      x2, 16(t0)
    sd      x3, 24(t0)
    sd      x4, 32(t0)
    .irp    n, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    sd      x\n, 8*\n(t0)
    .endr
    csrr    t1, sscratch
    sd      t1, 40(t0)

    # .bss must be zero already; words that are not are counted, then cleared.
    la      t0, __bss_start
    la      t1, __bss_end
    li      t2, 0
2:  bgeu    t0, t1, 4f
    ld      t3, 0(t0)
    beqz    t3, 3f
    addi    t2, t2, 1
    sd      zero, 0(t0)
3:  addi    t0, t0, 8
    j       2b
4:  la      t0, dirty_bss_words
    sd      t2, 0(t0)

    la      sp, boot_stack_end
    call    probe_main
5:  wfi
    j       5b

# SBI HSM hart_start: a0 = hart id, a1 = opaque, which is the hart's own Hart.
    .text
    .globl secondary_start
    .balign 4
secondary_start:
    sd      a0, HART_AT_START(a1)
    sd      a1, HART_AT_START + 8(a1)
    csrr    t0, satp
    sd      t0, HART_AT_START + 16(a1)
    csrr    t0, sstatus
    sd      t0, HART_AT_START + 24(a1)
    csrr    t0, scounteren
    sd      t0, HART_AT_START + 32(a1)
    csrw    sscratch, a1
    la      t0, trap_entry
    csrw    stvec, t0
    ld      sp, HART_STACK(a1)
    mv      a0, a1
    call    secondary_main
6:  wfi
    j       6b

    // A hart that starts here stops at once.
    .globl stop_at_once
    .balign 4
stop_at_once:
    li      a7, 0x48534d
    li      a6, 1
    ecall

    .data
    .balign 8
    .globl entry_registers
entry_registers:
    .space  256
    .globl dirty_bss_words
dirty_bss_words:
    .dword  0

    # Not in .bss, which is cleared above.
    .section .data.stack, "aw"
    .balign 16
    .space  16384
boot_stack_end:
