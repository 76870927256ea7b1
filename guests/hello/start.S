# SPDX-License-Identifier: Apache-2.0
# The guest's first hart arrives here in VS-mode: a0 = its hart id, a1 = its device tree, paging and interrupts off.
    .section .text.start, "ax"
    .globl _start
_start:
    la      sp, stack_top
    call    hello_main
1:  wfi
    j       1b

    .section .bss
    .balign 16
    .space  4096
stack_top:
