# SPDX-License-Identifier: Apache-2.0
# Makes an indirect jump with landing pads on (unprivileged manual, "Landing Pad"). Only this code runs with them, as
# compiled code has none.
    .equ    FWFT, 0x46574654
    .equ    LANDING_PAD, 1

    .macro  set_landing_pad value
    li      a0, LANDING_PAD
    li      a1, \value
    li      a2, 0
    li      a6, 0
    li      a7, FWFT
    ecall
    .endm

# u64 jump_with_landing_pads(u64 to_pad): the software check that was taken, as stval | 1 << 63, or 0; where landing
# pads cannot be switched on, the SBI error.
    .text
    .balign 4
    .globl jump_with_landing_pads
jump_with_landing_pads:
    mv      t3, a0
    li      t5, 0
    lla     t0, 4f
    csrrw   t6, stvec, t0
    set_landing_pad 1
    bnez    a0, 3f
    lla     t4, 1f
    beqz    t3, 0f
    lla     t4, 2f
0:  jr      t4
    .balign 4
1:  j       5f
    .balign 4
2:  .word   0x00000017                  # lpad 0
    j       5f
    .balign 4
4:  .word   0x00000017                  # lpad 0: OpenSBI 1.5 redirects the trap with ELP as it was
    csrr    t5, scause
    addi    t5, t5, -18                 # software check
    snez    t5, t5
    slli    t5, t5, 62
    csrr    t4, stval
    or      t5, t5, t4
    li      t4, 1
    slli    t4, t4, 63
    or      t5, t5, t4
5:  set_landing_pad 0
3:  csrw    stvec, t6
    li      t4, 1 << 23                 # sstatus.SPELP
    csrc    sstatus, t4
    bnez    a0, 6f
    mv      a0, t5
6:  ret
