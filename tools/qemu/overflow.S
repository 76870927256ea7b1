// SPDX-License-Identifier: Apache-2.0
// Ends QEMU's `virt` machine with status 0 if its harts can hand a counter's overflow interrupt (13, Sscofpmf) to VS-mode
// (hypervisor chapter, "Hypervisor Interrupt Delegation Registers"; AIA 6.3.2), else with 1. Runs in M-mode from reset.
#define MIDELEG 0x303
#define HIDELEG 0x603
#define HVIEN 0x608
#define LCOF (1 << 13)
#define TEST_DEVICE 0x100000  // sifive,test0
#define PASS 0x5555
#define FAIL (1 << 16 | 0x3333)

    .text
    .globl _start
_start:
    li s0, LCOF
    li s1, 0
    la t0, tell  // no such register: what was found until then counts
    csrw mtvec, t0
    csrs MIDELEG, s0
    csrs HIDELEG, s0
    csrr s1, HIDELEG
    csrs HVIEN, s0
    csrr t0, HVIEN
    or s1, s1, t0
    .balign 4
tell:
    and s1, s1, s0
    li t0, PASS
    bnez s1, 1f
    li t0, FAIL
1:  li t1, TEST_DEVICE
    sw t0, 0(t1)
2:  j 2b
