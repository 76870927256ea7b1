# SPDX-License-Identifier: Apache-2.0
# Stands in for the firmware file (-bios): enters the kernel as SBI firmware does, and answers every call with numbers
# that are given at build time: VERSION_ERROR and VERSION_VALUE to get_spec_version, ERROR and VALUE to all others. Only
# console_write_byte and system_reset (by QEMU's test device, so that the machine ends) do what they should. More
# settings:
#   MEMORY_END   what lies there or above does not exist for the kernel
#   TREE         the kernel is handed a device tree, of that file
#   HART         the kernel is told that this is its hart
#   STOPPING     so many calls of hart_get_status are answered with STOP_PENDING first
# Sstc is on; where interrupt files are, the APLIC is not told.
#ifndef MEMORY_END
#define MEMORY_END 0x100000000
#endif
#ifndef HART
#define HART 0
#endif
#ifndef STOPPING
#define STOPPING 0
#endif
    .globl _start
_start:
    csrr    t0, mhartid
    bnez    t0, sleep
    lla     t0, answer
    csrw    mtvec, t0
    # S-mode reaches only what lies below MEMORY_END (privileged manual, "Physical Memory Protection": TOR).
    li      t0, MEMORY_END >> 2
    csrw    pmpaddr0, t0
    li      t0, 0x0f
    csrw    pmpcfg0, t0
    li      t0, 3 << 11
    csrc    mstatus, t0
    li      t0, 1 << 11
    csrs    mstatus, t0                // MPP: S-mode
    li      t0, 0x80200000
    csrw    mepc, t0
    # Page faults, access faults and illegal instructions are delegated to the kernel.
    li      t0, 0xb1ff
    csrw    medeleg, t0
    li      t0, 7                      // cycle, time and instret
    csrw    mcounteren, t0
    li      t0, 1 << 63                // STCE
    csrs    0x30a, t0                  // menvcfg
    li      a0, HART
#ifdef TREE
    lla     a1, tree
#endif
    mret

    .balign 4
answer:
    csrr    a5, mepc
    addi    a5, a5, 4
    csrw    mepc, a5
    li      a5, 0x53525354             // SRST
    beq     a7, a5, end
    li      a5, 0x4442434e             // DBCN
    beq     a7, a5, put
    li      a5, 0x48534d               // HSM
    bne     a7, a5, 2f
    li      a5, 2                      // hart_get_status
    bne     a6, a5, 2f
    lla     a5, stopping
    lw      a1, 0(a5)
    beqz    a1, 2f
    addi    a1, a1, -1
    sw      a1, 0(a5)
    li      a0, 0
    li      a1, 3                      // STOP_PENDING
    mret
2:
    li      a5, 0x10
    bne     a7, a5, 1f
    bnez    a6, 1f
    li      a0, VERSION_ERROR
    li      a1, VERSION_VALUE
    mret
1:  li      a0, ERROR
    li      a1, VALUE
    mret

put:
    li      a5, 0x10000000
    sb      a0, 0(a5)
    li      a0, 0
    li      a1, 0
    mret

end:
    li      a5, 0x100000
    li      a4, 0x13333                // exit code 1
    sw      a4, 0(a5)
sleep:
    wfi
    j       sleep

    .balign 8
stopping:
    .word   STOPPING

#ifdef TREE
    .balign 8
tree:
    .incbin TREE
#endif
