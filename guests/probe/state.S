# SPDX-License-Identifier: Apache-2.0
# Loads and stores floating-point and vector registers. Requires: sstatus.FS, and VS, are on.
    .option arch, +d
    .option arch, +v
    .text

# a0: 32 registers and fcsr, of 8 bytes each.
    .globl load_floats
load_floats:
    .irp    n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    fld     f\n, 8*\n(a0)
    .endr
    ld      t0, 8*32(a0)
    fscsr   t0
    ret

    .globl store_floats
store_floats:
    .irp    n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    fsd     f\n, 8*\n(a0)
    .endr
    frcsr   t0
    sd      t0, 8*32(a0)
    ret

# a0: vl, vtype, vcsr, vstart, of 8 bytes each, and 32 registers. vstart is loaded last and stored first, as it also
# affects accesses to whole registers.
.macro all_vectors instruction
    csrr    t0, vlenb
    slli    t0, t0, 3
    addi    t1, a0, 32
    .irp    n, 0, 8, 16, 24
    \instruction v\n, (t1)
    add     t1, t1, t0
    .endr
.endm

    .globl load_vectors
load_vectors:
    csrw    vstart, zero
    all_vectors vl8re8.v
    ld      t0, 0(a0)
    ld      t1, 8(a0)
    vsetvl  zero, t0, t1
    ld      t0, 16(a0)
    csrw    vcsr, t0
    ld      t0, 24(a0)
    csrw    vstart, t0
    ret

    .globl store_vectors
store_vectors:
    csrr    t0, vstart
    sd      t0, 24(a0)
    csrw    vstart, zero
    csrr    t0, vl
    sd      t0, 0(a0)
    csrr    t0, vtype
    sd      t0, 8(a0)
    csrr    t0, vcsr
    sd      t0, 16(a0)
    all_vectors vs8r.v
    ret

# a0: a value, and the result of applying three instructions to it, one after the other.
    .option arch, +zknh
    .option arch, +zkne
    .option arch, +zbkb
    .globl scalar_crypto
scalar_crypto:
    sha256sum0 a0, a0
    sha512sig1 a0, a0
    brev8   a0, a0
    ret

    .globl encrypt_round
encrypt_round:
    aes64esm a0, a0, a1
    ret

# a0: 16 bytes, in and out. vbrev8.v and vrev8.v (Zvkb), which the assembler may not know by name.
    .globl vector_crypto
vector_crypto:
    vsetivli zero, 2, e64, m1, ta, ma
    vle64.v v1, (a0)
    .insn r 0x57, 2, 0x25, x1, x8, x1   // vbrev8.v v1, v1
    .insn r 0x57, 2, 0x25, x1, x9, x1   // vrev8.v v1, v1
    vse64.v v1, (a0)
    ret

    .globl vector_register_bytes
vector_register_bytes:
    csrr    a0, vlenb
    ret

# Cache-Block Management Instructions, on the block of a0.
    .globl zero_block
zero_block:
    .insn i 0x0f, 2, x0, a0, 4
    ret
    .globl clean_block
clean_block:
    .insn i 0x0f, 2, x0, a0, 1
    ret
    .globl flush_block
flush_block:
    .insn i 0x0f, 2, x0, a0, 2
    ret
    .globl invalidate_block
invalidate_block:
    .insn i 0x0f, 2, x0, a0, 0
    ret
