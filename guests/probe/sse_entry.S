# SPDX-License-Identifier: Apache-2.0
# Entry point of supervisor software events (SBI SSE): a6 = hart id, a7 = the event's SseEvent (case_sse.cpp), every
# other register is the interrupted code's. sbi_sse_complete restores a6 and a7.
    .equ    SSE, 0x535345
    .equ    COMPLETE, 6
    .equ    STACK_END, 256

    .text
    .balign 4
    .globl sse_entry
sse_entry:
    .irp n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    sd      x\n, 8*\n(a7)
    .endr
    sd      a7, 8*17(a7)
    ld      sp, STACK_END(a7)
    mv      s0, a7
    mv      a0, a7
    call    sse_handler
    mv      a7, s0
    .irp n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    ld      x\n, 8*\n(a7)
    .endr
    li      a6, COMPLETE
    li      a7, SSE
    ecall
    ebreak                              # the interrupted code goes on instead

# void inject_among_registers(u64 event, u64 hart, u64* after): injects with known values in every register that an SBI
# call preserves; after[0..31] = the registers after it.
    .globl inject_among_registers
inject_among_registers:
    addi    sp, sp, -128
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    sd      s\n, 8*\n(sp)
    .endr
    sd      ra, 96(sp)
    sd      a2, 104(sp)
    .irp n, 5, 6, 7, 8, 9, 12, 13, 14, 15, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    li      x\n, 0x1000 + \n
    .endr
    li      a6, 7
    li      a7, SSE
    ecall
    .globl behind_injection
behind_injection:
    sd      t0, 112(sp)
    ld      t0, 104(sp)
    .irp n, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    sd      x\n, 8*\n(t0)
    .endr
    ld      t1, 112(sp)
    sd      t1, 40(t0)
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    ld      s\n, 8*\n(sp)
    .endr
    ld      ra, 96(sp)
    addi    sp, sp, 128
    ret
