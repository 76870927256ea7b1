# SPDX-License-Identifier: Apache-2.0
# PLATFORM=qemu: QEMU's `virt` machine with AIA. Plain `KEY = value` lines; the Makefile includes this file and CMake reads
# LOAD_ADDRESS and QEMU_MACHINE from it. All else is in the board's tree: dts/platform/qemu/platform.dtsi for the values
# below, and for others of CPU, HARTS and MEMORY what QEMU itself says (tools/qemu/board.sh).

# Where OpenSBI enters: the image is linked for it.
LOAD_ADDRESS = 0x80200000

QEMU_MACHINE = virt,aia=aplic-imsic,aia-guests=1
DEFAULT_CPU = rv64
DEFAULT_HARTS = 4
DEFAULT_MEMORY = 2G

QEMU_DEFAULT = qemu-system-riscv64
QEMU_ARGUMENTS = -nographic

# What the console's first line adds: how to leave this terminal. May be missing.
HINT = Ctrl-A x quit QEMU
