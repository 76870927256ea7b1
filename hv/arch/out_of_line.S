// SPDX-License-Identifier: Apache-2.0
    .text
    .globl call_out_of_line
// arch/out_of_line.hpp: t1 = the function, t2 = its argument, t0 = where to return. Keeps ra and a0.
call_out_of_line:
    addi sp, sp, -32
    sd ra, 0(sp)
    sd t0, 8(sp)
    sd a0, 16(sp)
    mv a0, t2
    jalr t1
    ld ra, 0(sp)
    ld t0, 8(sp)
    ld a0, 16(sp)
    addi sp, sp, 32
    jr t0
