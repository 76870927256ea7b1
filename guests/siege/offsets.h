// SPDX-License-Identifier: Apache-2.0
// Offsets into Hart that assembly uses; hart.cpp checks them.
#define HART_CONTEXT 0
#define HART_CAUSE 128
#define HART_VALUE 136
#define HART_INTERRUPTS 144
#define HART_SCRATCH 152
#define HART_STACK 160
