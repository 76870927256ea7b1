// SPDX-License-Identifier: Apache-2.0
// Enters scan() (functions.cpp) on the first hart of QEMU's `virt` machine, in M-mode from reset, and ends the machine
// with status 0 when it returns true, else, and at a trap, with 1.
#define STACK_END 0x81000000
#define TEST_DEVICE 0x100000  // sifive,test0
#define PASS 0x5555
#define FAIL (1 << 16 | 0x3333)

    .text
    .globl _start
_start:
    csrr t0, mhartid
1:  bnez t0, 1b
    la t0, fail
    csrw mtvec, t0
    li sp, STACK_END
    call scan
    li t0, PASS
    bnez a0, 2f
    .balign 4
fail:
    li t0, FAIL
2:  li t1, TEST_DEVICE
    sw t0, 0(t1)
3:  j 3b
