# SPDX-License-Identifier: Apache-2.0
# Entry points, and runs of code that may do anything. sscratch holds the hart's Hart.
#include "offsets.h"

    .section .text.start, "ax"
    .globl _start
_start:
    la      sp, boot_stack_end
    call    siege_main
1:  wfi
    j       1b

# SBI HSM hart_start, of hart a0 with its Hart in a1.
    .text
    .globl secondary_start
    .balign 4
secondary_start:
    ld      sp, HART_STACK(a1)
    mv      a0, a1
    call    secondary_main
2:  wfi
    j       2b

# SBI SSE: an event that does nothing.
    .globl event_start
    .balign 4
event_start:
    li      a7, 0x535345
    li      a6, 8
    ecall
3:  j       3b

# A vector for each interrupt (stvec.MODE 1).
    .globl trap_vectors
    .balign 256
trap_vectors:
    .rept   16
    .option push
    .option norvc
    j       trap_entry
    .option pop
    .endr

# An exception ends the run that siege_run began. An interrupt is noted and disabled, and the interrupted code
# continues.
    .globl trap_entry
    .balign 4
trap_entry:
    csrrw   tp, sscratch, tp
    sd      t0, HART_SCRATCH(tp)
    csrr    t0, scause
    bltz    t0, 4f
    sd      t0, HART_CAUSE(tp)
    csrr    t0, stval
    sd      t0, HART_VALUE(tp)
    csrw    sscratch, tp
    mv      a0, tp
    j       leave
4:  ld      t0, HART_INTERRUPTS(tp)
    addi    t0, t0, 1
    sd      t0, HART_INTERRUPTS(tp)
    csrw    sie, zero
    ld      t0, HART_SCRATCH(tp)
    csrrw   tp, sscratch, tp
    sret

    .macro  context operation
    \operation ra, HART_CONTEXT(a0)
    \operation sp, HART_CONTEXT + 8(a0)
    \operation gp, HART_CONTEXT + 16(a0)
    \operation tp, HART_CONTEXT + 24(a0)
    .irp    n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    \operation s\n, HART_CONTEXT + 32 + 8 * \n(a0)
    .endr
    .endm

# u64 siege_run(Hart* a0, pc a1, u64 (*x)[8] a2): calls pc with a0-a7 from x, s2 = trap_entry and s3 = the Hart, which
# the code writes to stvec and sscratch before it returns. An exception returns, too. Returns the code's a0.
    .globl siege_run
siege_run:
    context sd
    la      s2, trap_entry
    mv      s3, a0
    mv      t0, a1
    mv      t1, a2
    .irp    n, 0, 1, 2, 3, 4, 5, 6, 7
    ld      a\n, 8 * \n(t1)
    .endr
    jalr    t0
    mv      a1, a0
    mv      a0, s3
leave:
    context ld
    mv      a0, a1
    ret

# Runs code in U-mode, until a trap ends it.
    .globl siege_run_as_user
siege_run_as_user:
    context sd
    csrw    sepc, a1
    li      t0, 1 << 8
    csrc    sstatus, t0
    mv      t1, a2
    .irp    n, 0, 1, 2, 3, 4, 5, 6, 7
    ld      a\n, 8 * \n(t1)
    .endr
    sret

    # Not in .bss: nothing clears that but the hypervisor.
    .section .data.stack, "aw"
    .balign 16
    .space  16384
boot_stack_end:
