// SPDX-License-Identifier: Apache-2.0
// Defines the functions that GCC calls on its own, and loops over cache blocks. Guests' memory and images go through
// these, so long aligned runs take hardly more than their loads and stores; the rest goes by doublewords, then by
// bytes. memset, memcpy and the loops over blocks keep the place of their next store in t6 and leave a3 to a7 alone.
// They may trap, without knowing (arch/guarded.S); t0 is lost then.
    .option arch, +zicbom
    .option arch, +zicboz
    .text

// \end = \at and the whole multiples of \unit in \bytes, of which \bytes keeps the rest
.macro split_off end, at, bytes, unit
    andi \end, \bytes, -\unit
    sub \bytes, \bytes, \end
    add \end, \end, \at
.endm

    .globl memset, fill_bytes
fill_bytes:
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
2:  split_off t1, t6, a2, 256
    beq t6, t1, 4f
3:  .set offset, 0
    .rept 32
    sd a1, offset(t6)
    .set offset, offset + 8
    .endr
    addi t6, t6, 256
    bne t6, t1, 3b
4:  split_off t1, t6, a2, 8
5:  beq t6, t1, 6f
    sd a1, 0(t6)
    addi t6, t6, 8
    j 5b
6:  beqz a2, 9f
    sb a1, 0(t6)
    addi t6, t6, 1
    addi a2, a2, -1
    j 6b
9:  ret

    .globl memcpy, copy_bytes
copy_bytes:
memcpy:
    mv t6, a0
    xor t0, a0, a1
    andi t0, t0, 7
    bnez t0, 6f
1:  beqz a2, 9f
    andi t0, t6, 7
    beqz t0, 2f
    lbu t0, 0(a1)
    sb t0, 0(t6)
    addi a1, a1, 1
    addi t6, t6, 1
    addi a2, a2, -1
    j 1b
2:  split_off t1, t6, a2, 128
    beq t6, t1, 4f
3:  .irp offset, 0, 32, 64, 96
    ld t2, \offset(a1)
    ld t3, \offset+8(a1)
    ld t4, \offset+16(a1)
    ld t5, \offset+24(a1)
    sd t2, \offset(t6)
    sd t3, \offset+8(t6)
    sd t4, \offset+16(t6)
    sd t5, \offset+24(t6)
    .endr
    addi a1, a1, 128
    addi t6, t6, 128
    bne t6, t1, 3b
4:  split_off t1, t6, a2, 8
5:  beq t6, t1, 6f
    ld t0, 0(a1)
    sd t0, 0(t6)
    addi a1, a1, 8
    addi t6, t6, 8
    j 5b
6:  beqz a2, 9f
    lbu t0, 0(a1)
    sb t0, 0(t6)
    addi a1, a1, 1
    addi t6, t6, 1
    addi a2, a2, -1
    j 6b
9:  ret

    .globl memmove
memmove:
    // Backwards only where forwards would overwrite what is still to be read: from <= to < from + bytes.
    sub t0, a0, a1
    bgeu t0, a2, memcpy
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

// Executes the instructions on each block of a range: a0 = first block, a1 = bytes, a2 = bytes of a block; a0 and a1
// are multiples of a2.
.macro for_each_block name, instructions:vararg
    .globl \name
\name:
    mv t6, a0
    slli t0, a2, 5
    add a1, a0, a1
    sub t1, a1, t6
    bltu t1, t0, 3f
2:  .rept 32
    .irp instruction, \instructions
    \instruction (t6)
    .endr
    add t6, t6, a2
    .endr
    sub t1, a1, t6
    bgeu t1, t0, 2b
3:  beq t6, a1, 4f
    .irp instruction, \instructions
    \instruction (t6)
    .endr
    add t6, t6, a2
    j 3b
4:  ret
.endm

    for_each_block clear_cache_blocks, cbo.zero
    for_each_block flush_cache_blocks, cbo.flush
// A flush stays behind the store before it, since both are about one address (unprivileged manual, "Cache Management
// Operations", preserved program order): no fence is between them.
    for_each_block clear_and_flush_cache_blocks, cbo.zero, cbo.flush
