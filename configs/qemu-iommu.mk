# SPDX-License-Identifier: Apache-2.0
# PLATFORM=qemu-iommu: QEMU's `virt` machine with AIA and a RISC-V IOMMU. What the lines are is in configs/qemu.mk.

LOAD_ADDRESS = 0x80200000

QEMU_MACHINE = virt,aia=aplic-imsic,aia-guests=1,iommu-sys=on
DEFAULT_CPU = rv64
DEFAULT_HARTS = 4
DEFAULT_MEMORY = 2G

QEMU_DEFAULT = qemu-system-riscv64
QEMU_ARGUMENTS = -nographic

HINT = Ctrl-A x quit QEMU
