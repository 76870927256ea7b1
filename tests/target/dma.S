# SPDX-License-Identifier: Apache-2.0
# Stands in for the firmware file (-bios): OpenSBI, and before it this code, which has a device write to memory again
# and again, whatever is booted. The device is QEMU's edu (docs/specs/edu.rst) at 00:02.0. Hart 3, which never comes to
# OpenSBI, starts each transfer, from the device's own buffer to TARGET. A transfer takes the device 100 ms; one that
# the device does not take any more is over at once.
#
# IOMMU is the address of an IOMMU, if there is one, which is left as firmware may leave it: with a directory of the
# firmware's, by which every device reaches everything. With RESTLESS the device is made its own master before each
# transfer, whatever was done about that.
    .equ    ecam, 0x30000000 + (2 << 15)
    .equ    edu, 0x40000000
    .equ    edu_buffer, 0x40000
    .equ    to_device, 1
    .equ    to_memory, 3

    .section .firmware, "ax"
    .incbin OPENSBI

    .section .hold, "ax"
    .globl _start
_start:
    csrr    t0, mhartid
    li      t1, 3
    la      t2, transfer
    bne     t0, t1, 0f
    jr      t2
# The other harts wait until something was written, and let hart 0 go first.
0:  la      t2, transfers
1:  ld      t3, (t2)
    beqz    t3, 1b
    fence
    beqz    t0, 3f
    li      t2, 2000000
2:  addi    t2, t2, -1
    bnez    t2, 2b
3:  li      t3, 0x80000000
    jr      t3

    .section .device, "ax"
transfer:
#ifdef IOMMU
    la      t0, directory
    srli    t0, t0, 12
    slli    t0, t0, 10
    ori     t0, t0, 2           # ddtp: one level
    li      t1, IOMMU
    sd      t0, 16(t1)
#endif
    li      t0, ecam
    li      t1, edu
    sw      t1, 0x10(t0)        # BAR 0
    li      t2, 6               # memory space, bus master
    sh      t2, 0x04(t0)
# Something that is not 0 goes into the device's buffer: the beginning of this code.
    la      t2, transfer
    li      t3, edu_buffer
    li      t4, to_device
    jal     run
    la      s0, transfers
again:
#ifdef RESTLESS
    li      t0, ecam
    li      t2, 6
    sh      t2, 0x04(t0)
#endif
    li      t2, edu_buffer
    li      t3, TARGET
    li      t4, to_memory
    jal     run
    ld      t0, (s0)
    addi    t0, t0, 1
    fence
    sd      t0, (s0)
    j       again

# Moves 8 bytes from t2 to t3, by command t4.
run:
    sd      t2, 0x80(t1)
    sd      t3, 0x88(t1)
    li      t2, 8
    sd      t2, 0x90(t1)
    sd      t4, 0x98(t1)
    li      t3, -1              # where nothing answers, as somebody has turned the device off
1:  ld      t2, 0x98(t1)
    beq     t2, t3, 2f
    andi    t2, t2, 1
    bnez    t2, 1b
2:
    ret

    .section .count, "aw"
    .balign 8
transfers:
    .dword  0

# The directory's one level has contexts of 64 bytes, which are valid (tc.V) and translate nothing (Bare).
    .section .directory, "a"
    .balign 4096
directory:
    .rept   64
    .dword  1, 0, 0, 0, 0, 0, 0, 0
    .endr
