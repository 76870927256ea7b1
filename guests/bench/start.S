# SPDX-License-Identifier: Apache-2.0
# Entry points: the first hart, harts that it starts, interrupts.
    .section .text.start, "ax"
    .globl _start
_start:
    la      sp, first_stack_end
    call    bench_main
1:  wfi
    j       1b

# SBI HSM hart_start: a1 = the hart's function, void (*)(u64 time of the first instruction).
    .text
    .globl started
    .balign 4
started:
    rdtime  a0
    la      sp, second_stack_end
    la      t0, take_software
    csrw    stvec, t0
    csrwi   sie, 1 << 1
    jalr    a1
    li      a7, 0x48534D            # hart_stop
    li      a6, 1
    ecall

# Interrupts are on only where the code declares t0 and t1 clobbered (interrupts.hpp). So handlers save nothing, and
# only the way to here is measured.
#
# t0 = the time of arrival
    .globl take_software
    .balign 4
take_software:
    rdtime  t0
    csrci   sip, 1 << 1
    sret

# t0 = the time of arrival; sie = 0
    .globl take_timer
    .balign 4
take_timer:
    rdtime  t0
    csrwi   sie, 0                  # pending until the next time is set
    sret

# t0 = the time of arrival; t1 = the time when the interrupt is claimed
    .globl take_message
    .balign 4
take_message:
    rdtime  t0
    csrrw   x0, 0x15c, x0           # stopei
    rdtime  t1
    sret

# t0 = the time of arrival; t1 = the time when the interrupt is claimed; t3 = the PLIC's claim register, t4 = the
# device's register that ends its interrupt
    .globl take_level
    .balign 4
take_level:
    rdtime  t0
    lw      t2, (t3)
    rdtime  t1
    sw      t3, (t4)
    sw      t2, (t3)
    sret

    .section .bss
    .balign 16
    .space  4096
first_stack_end:
    .space  4096
second_stack_end:
