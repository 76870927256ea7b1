# SPDX-License-Identifier: Apache-2.0
# Stands in for the firmware file (-bios): OpenSBI, and before it this code, which lets hart BOOT_HART through at once
# and holds the others back until it has won OpenSBI's lottery for the boot hart. a0, a1, a2 are OpenSBI's.
    .section .firmware, "ax"
    .incbin OPENSBI
firmware_end:

    .section .hold, "ax"
    .globl _start
_start:
    csrr    t0, mhartid
    li      t1, BOOT_HART
    li      t2, 0x80000000
    beq     t0, t1, 2f
    li      t0, 20000000
1:  addi    t0, t0, -1
    bnez    t0, 1b
2:  jr      t2
