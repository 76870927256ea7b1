// SPDX-License-Identifier: Apache-2.0
// Floating-point and vector registers are the guest's alone (the hypervisor is compiled without them); only a guest's
// start touches them, so that no life sees what an earlier one left.
    .option arch, +d
    .option arch, +v
    .text
    .globl clear_float_registers
clear_float_registers:
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    fmv.d.x f\n, zero
    .endr
    csrw fcsr, zero
    ret

    .globl clear_vector_registers
clear_vector_registers:
    vsetvli t0, zero, e8, m8, ta, ma
    vmv.v.i v0, 0
    vmv.v.i v8, 0
    vmv.v.i v16, 0
    vmv.v.i v24, 0
    csrw vcsr, zero
    vsetvli t0, zero, e8, m1, ta, ma
    ret
