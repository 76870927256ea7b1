// SPDX-License-Identifier: Apache-2.0
// Offsets into Hart that assembly uses; hart.cpp checks them.
#define HART_PC 256
#define HART_STATUS 264
#define HART_TRAP_STACK 272
#define HART_STACK 280
#define HART_AT_START 288
