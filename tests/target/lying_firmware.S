# SPDX-License-Identifier: Apache-2.0
# Stands in for the firmware file (-bios): enters the kernel as SBI firmware does, and answers every call with numbers that
# are given at build time: VERSION_ERROR and VERSION_VALUE to get_spec_version, ERROR and VALUE to all others. Only
# system_reset does what it should, by QEMU's test device, so that the machine ends.
    .globl _start
_start:
    csrr    t0, mhartid
    bnez    t0, sleep
    lla     t0, answer
    csrw    mtvec, t0
    # All of memory for S-mode (privileged manual, "Physical Memory Protection": NAPOT).
    li      t0, -1
    csrw    pmpaddr0, t0
    li      t0, 0x1f
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
    mret

    .balign 4
answer:
    csrr    a5, mepc
    addi    a5, a5, 4
    csrw    mepc, a5
    li      a5, 0x53525354             // SRST
    beq     a7, a5, end
    li      a5, 0x10
    bne     a7, a5, 1f
    bnez    a6, 1f
    li      a0, VERSION_ERROR
    li      a1, VERSION_VALUE
    mret
1:  li      a0, ERROR
    li      a1, VALUE
    mret

end:
    li      a5, 0x100000
    li      a4, 0x13333                // exit code 1
    sw      a4, 0(a5)
sleep:
    wfi
    j       sleep
