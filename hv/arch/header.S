// SPDX-License-Identifier: Apache-2.0
// The first bytes of the image: a RISC-V Linux boot header (Linux Documentation/arch/riscv/boot-image-header.rst), so
// that U-Boot's booti, QEMU's -kernel and other loaders of Linux images take mullion.bin as it is.
    .section .text.header, "ax", @progbits
    .globl _start
_start:
    j boot_entry               // code0
    .balign 8
    .dword 0x200000            // text_offset: from the start of RAM, past the firmware
    .dword image_span          // image_size: with .bss and stacks
    .dword 0                   // flags: little endian
    .word 0x2                  // version 0.2
    .word 0
    .dword 0
    .ascii "RISCV\0\0\0"       // magic
    .ascii "RSC\x05"           // magic2
    .word 0
