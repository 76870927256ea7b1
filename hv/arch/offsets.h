// SPDX-License-Identifier: Apache-2.0
// Offsets and the like for the assembler, one list; arch/hart.cpp asserts each against what C++ has.
#define HART_GPR(n) ((n)*8)
#define HART_FIXUP 256
#define HART_FAULT 264
#define HART_SPARE 272
#define HART_INDEX 280
#define HART_TIME_CALLS 304
#define HART_GUEST_TIMER 312
#define HART_OWN_TIMER 320
#define HART_ARMED_TIMER 328
#define HART_SIZE 352
#define STACK_BLOCK_SHIFT 14
#define BOOT_HART_ID 0
#define BOOT_HART_SATP 8
#define BOOT_HART_SIZE 16
