# SPDX-License-Identifier: Apache-2.0
# PLATFORM=qemu-plic: QEMU's `virt` machine with a PLIC, and harts without Sstc, as boards without AIA have them. What
# the lines are is in configs/qemu.mk.

LOAD_ADDRESS = 0x80200000

QEMU_MACHINE = virt
DEFAULT_CPU = rv64,sstc=off
DEFAULT_HARTS = 4
DEFAULT_MEMORY = 2G

QEMU_DEFAULT = qemu-system-riscv64
QEMU_ARGUMENTS = -nographic

HINT = Ctrl-A x quit QEMU
