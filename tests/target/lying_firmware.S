# SPDX-License-Identifier: Apache-2.0
# Stands in for the firmware file (-bios): enters the kernel as SBI firmware does, and answers every call with numbers that
# are given at build time: VERSION_ERROR and VERSION_VALUE to get_spec_version, ERROR and VALUE to all others. Only
# system_reset does what it should, by QEMU's test device, so that the machine ends, and so does console_write_byte. What
# lies at or above MEMORY_END does not exist for the kernel. With TREE the kernel is handed a device tree, of that file.
    .globl _start
_start:
    csrr    t0, mhartid
    bnez    t0, sleep
    lla     t0, answer
    csrw    mtvec, t0
    # For S-mode there is what lies below (privileged manual, "Physical Memory Protection": TOR), and nothing else.
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
    # Faults are the kernel's own: page and access faults, illegal instructions.
    li      t0, 0xb1ff
    csrw    medeleg, t0
    li      a0, 0
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

#ifdef TREE
    .balign 8
tree:
    .incbin TREE
#endif
