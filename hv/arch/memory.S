// SPDX-License-Identifier: Apache-2.0
// The functions that GCC calls on its own, and clearing by cache block. Guests' memory and images go through
// these, so the aligned cases move 64 bytes a turn.
    .option arch, +zicboz
    .text

    .globl memset
memset:
    andi a1, a1, 255
    slli t0, a1, 8
    or a1, a1, t0
    slli t0, a1, 16
    or a1, a1, t0
    slli t0, a1, 32
    or a1, a1, t0
    mv t6, a0
1:  beqz a2, 9f
    andi t0, t6, 7
    beqz t0, 2f
    sb a1, 0(t6)
    addi t6, t6, 1
    addi a2, a2, -1
    j 1b
2:  li t1, 64
3:  bltu a2, t1, 5f
    .irp offset, 0, 8, 16, 24, 32, 40, 48, 56
    sd a1, \offset(t6)
    .endr
    addi t6, t6, 64
    addi a2, a2, -64
    j 3b
5:  beqz a2, 9f
    sb a1, 0(t6)
    addi t6, t6, 1
    addi a2, a2, -1
    j 5b
9:  ret

    .globl memcpy
memcpy:
    mv t6, a0
    xor t0, a0, a1
    andi t0, t0, 7
    bnez t0, 5f
1:  beqz a2, 9f
    andi t0, t6, 7
    beqz t0, 2f
    lbu t0, 0(a1)
    sb t0, 0(t6)
    addi a1, a1, 1
    addi t6, t6, 1
    addi a2, a2, -1
    j 1b
2:  li t1, 64
3:  bltu a2, t1, 5f
    .irp offset, 0, 32
    ld t2, \offset(a1)
    ld t3, \offset+8(a1)
    ld t4, \offset+16(a1)
    ld t5, \offset+24(a1)
    sd t2, \offset(t6)
    sd t3, \offset+8(t6)
    sd t4, \offset+16(t6)
    sd t5, \offset+24(t6)
    .endr
    addi a1, a1, 64
    addi t6, t6, 64
    addi a2, a2, -64
    j 3b
5:  beqz a2, 9f
    lbu t0, 0(a1)
    sb t0, 0(t6)
    addi a1, a1, 1
    addi t6, t6, 1
    addi a2, a2, -1
    j 5b
9:  ret

    .globl memmove
memmove:
    bleu a0, a1, memcpy
    add t0, a0, a2
    add a1, a1, a2
1:  beq t0, a0, 2f
    addi t0, t0, -1
    addi a1, a1, -1
    lbu t1, 0(a1)
    sb t1, 0(t0)
    j 1b
2:  ret

    .globl memcmp
memcmp:
    add a2, a0, a2
1:  beq a0, a2, 2f
    lbu t0, 0(a0)
    lbu t1, 0(a1)
    bne t0, t1, 3f
    addi a0, a0, 1
    addi a1, a1, 1
    j 1b
2:  li a0, 0
    ret
3:  sub a0, t0, t1
    ret

    .globl strlen
strlen:
    mv t0, a0
1:  lbu t1, 0(t0)
    addi t0, t0, 1
    bnez t1, 1b
    sub a0, t0, a0
    addi a0, a0, -1
    ret

// a0 = first block, a1 = bytes, a2 = bytes of a block; all multiples of the block.
    .globl clear_cache_blocks
clear_cache_blocks:
    add a1, a0, a1
1:  cbo.zero (a0)
    add a0, a0, a2
    bltu a0, a1, 1b
    ret
