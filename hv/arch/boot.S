// SPDX-License-Identifier: Apache-2.0
// Leads from the firmware's entry to C++ on the hart's own stack and stage-1 table.
#include "arch/offsets.h"

    .text
    .globl boot_entry
// Entered on whichever hart won the firmware's lottery: a0 = hart id, a1 = the firmware's tree.
boot_entry:
    csrw sie, zero
    csrw sstatus, zero
    // Everything below is linked at a fixed address; a loader that put the image elsewhere is told so.
    lla t0, _start
    ld t1, link_address
    bne t0, t1, misplaced
    // Neither .bss nor the stacks are in the image file: RAM may end before them.
    lla t0, out_of_memory
    csrw stvec, t0
    la t0, __image_end
    sd zero, -8(t0)
    la t0, __bss_start
    la t1, __bss_end
1:  bgeu t0, t1, 2f
    sd zero, 0(t0)
    addi t0, t0, 8
    j 1b
2:  csrw sscratch, a0          // for after the reader of the tree, which a trap may end
    call select_hart
    bltz a0, hand_on
    // Without translation: where the tree is, nothing is mapped. What traps there is no tree.
    lla t0, tree_is_read
    csrw stvec, t0
    mv a0, a1
    call read_firmware_tree
    .balign 4
tree_is_read:
    csrw sstatus, zero
    csrr a0, sscratch
    call select_hart
    call set_stage1
    tail boot_main

// A hart that the board file does not describe has the first one that it does, and that starts, boot in its place, with
// the same tree (SBI HSM, hart_start: opaque is a1), and stops.
hand_on:
    la s0, boot_harts
    ld s1, boot_hart_count
    mv s2, a1
    li a7, 0x48534d            // HSM
    fence iorw, iorw           // what is cleared here is not cleared behind the other hart's back (order::before_firmware)
1:  beqz s1, unknown_hart
    ld a0, BOOT_HART_ID(s0)
    lla a1, boot_entry
    mv a2, s2
    li a6, 0                   // hart_start
    ecall
    addi s0, s0, BOOT_HART_SIZE
    addi s1, s1, -1
    bnez a0, 1b
    li a6, 1                   // hart_stop
    ecall
    j unknown_hart

    .globl secondary_entry
// Entered by SBI HSM hart_start: a0 = hart id.
secondary_entry:
    csrw sie, zero
    csrw sstatus, zero
    call select_hart
    bltz a0, unknown_hart
    call set_stage1
    tail secondary_main

// a0 = hart id -> a0 = index in Board::harts or -1, sp = its context at the top of its stack block, t2 = satp.
// Changes t0, t1 besides.
select_hart:
    la t0, boot_harts
    ld t1, boot_hart_count
    li t3, 0
1:  beq t3, t1, 3f
    ld t2, BOOT_HART_ID(t0)
    beq t2, a0, 2f
    addi t0, t0, BOOT_HART_SIZE
    addi t3, t3, 1
    j 1b
2:  ld t2, BOOT_HART_SATP(t0)
    mv a0, t3
    ld sp, stacks_address
    addi t3, t3, 1
    slli t3, t3, STACK_BLOCK_SHIFT
    add sp, sp, t3
    addi sp, sp, -HART_SIZE
    ret
3:  li a0, -1
    ret

// The tables are identity maps: the next instruction is where it was.
set_stage1:
    ld t0, trap_vector
    csrw stvec, t0
    csrw sscratch, zero
    sfence.vma
    csrw satp, t2
    sfence.vma
    fence.i
    // The context is in no section that is cleared.
    mv t0, sp
    addi t1, sp, HART_SIZE
1:  sd zero, 0(t0)
    addi t0, t0, 8
    bltu t0, t1, 1b
    sd a0, HART_INDEX(sp)
    ret

    .balign 4
out_of_memory:
    lla a0, message_out_of_memory
    j print_and_stop
misplaced:
    lla a0, message_misplaced
    j print_and_stop
unknown_hart:
    lla a0, message_unknown_hart
// Position-independent and without a stack: firmware's console, then shutdown with reason system failure.
print_and_stop:
    mv s0, a0
1:  lbu a0, 0(s0)
    beqz a0, 2f
    li a7, 0x4442434e          // DBCN
    li a6, 2                   // console_write_byte
    ecall
    addi s0, s0, 1
    j 1b
2:  li a7, 0x53525354          // SRST
    li a6, 0
    li a0, 0
    li a1, 1
    ecall
3:  wfi
    j 3b

    .section .rodata
    .balign 8
link_address:
    .dword _start
stacks_address:
    .dword mullion_stacks
message_misplaced:
    .asciz "mullion| this image was not loaded at its link address: see the load address in configs/\r\n"
message_out_of_memory:
    .asciz "mullion| no RAM for the hypervisor's data and stacks behind the image: the board file has more memory\r\n"
message_unknown_hart:
    .asciz "mullion| the firmware entered on a hart that the board file does not describe, and starts none that it does\r\n"
