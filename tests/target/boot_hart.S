# SPDX-License-Identifier: Apache-2.0
# Stands in for the firmware file (-bios): OpenSBI, and before it this code, which makes BOOT_HART the hart that OpenSBI
# boots on. QEMU always asks for hart 0: a2 points at its fw_dynamic_info, six 64-bit words of which the last is the
# boot hart (OpenSBI docs/firmware/fw_dynamic.md). The other harts are held back, since each that comes to OpenSBI early
# may still win its lottery. With LESSER, BOOT_HART first takes the H extension out of its misa (privileged manual,
# "Machine ISA Register"), which QEMU allows with x-misa-w. OpenSBI starts only harts that have the extension, or that it
# booted on. With NEXT_HART, OpenSBI enters code below, which has that hart enter the kernel, with the tree, and then stops
# its own (SBI HSM).
    .section .firmware, "ax"
    .incbin OPENSBI

    .section .hold, "ax"
    .globl _start
_start:
    csrr    t0, mhartid
    li      t1, BOOT_HART
    beq     t0, t1, 2f
    li      t2, 2000000
1:  addi    t2, t2, -1
    bnez    t2, 1b
    j       3f
2:
#ifdef LESSER
    li      t2, 1 << ('H' - 'A')
    csrc    misa, t2
#endif
3:  la      t2, info
    .irp    word, 0, 8, 16, 24, 32
    ld      t3, \word(a2)
    sd      t3, \word(t2)
    .endr
    sd      t1, 40(t2)
#ifdef NEXT_HART
    la      t3, hand_on
    sd      t3, 16(t2)          # next_addr
#endif
    mv      a2, t2
    li      t3, 0x80000000
    jr      t3

#ifdef NEXT_HART
hand_on:
    mv      a2, a1
    li      a0, NEXT_HART
    li      a1, 0x80200000
    li      a6, 0               # hart_start
    li      a7, 0x48534d        # HSM
    ecall
    li      a6, 1               # hart_stop
    ecall
#endif

    .balign 8
info:
    .space  48
