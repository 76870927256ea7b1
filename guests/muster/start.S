# SPDX-License-Identifier: Apache-2.0
# Entry points of the first hart, and of those that it starts: these report, and stop (SBI HSM).
    .section .text.start, "ax"
    .globl _start
_start:
    la      sp, stack_top
    call    muster
1:  wfi
    j       1b

# a0 = hart id, a1 = address of the sum of ids.
    .text
    .globl report
    .balign 4
report:
    amoadd.w zero, a0, (a1)
    li      a7, 0x48534D
    li      a6, 1
    ecall
2:  j       2b

    .section .bss
    .balign 16
    .space  8192
stack_top:
