# SPDX-License-Identifier: Apache-2.0
# Code of the victim that cannot trap.
    .text
    .globl victim_trap
    .balign 4
victim_trap:
    la      sp, victim_stack_end
    call    victim_trapped
1:  wfi
    j       1b

    .section .data.stack, "aw"
    .balign 16
    .space  4096
victim_stack_end:

# u64 spin_with_registers(u64 until): see victim.cpp.
    .text
    .globl spin_with_registers
spin_with_registers:
    addi    sp, sp, -128
    sd      ra, 0(sp)
    sd      gp, 8(sp)
    .irp    n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    sd      s\n, 16 + 8 * \n(sp)
    .endr
    .irp    n, 3, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    li      x\n, 0x5eed0000 + \n
    .endr
1:  rdtime  ra
    bltu    ra, a0, 1b
    li      a0, 0
    .irp    n, 3, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    li      ra, 0x5eed0000 + \n
    beq     ra, x\n, 2f
    addi    a0, a0, 1
2:
    .endr
    ld      ra, 0(sp)
    ld      gp, 8(sp)
    .irp    n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    ld      s\n, 16 + 8 * \n(sp)
    .endr
    addi    sp, sp, 128
    ret
