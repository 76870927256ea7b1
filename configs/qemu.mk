# SPDX-License-Identifier: Apache-2.0
# PLATFORM=qemu: QEMU's `virt` machine with AIA. Plain `KEY = value` lines; the Makefile includes this file and CMake reads
# LOAD_ADDRESS and DEFAULT_CPU from it. The description's harts and RAM set -smp and -m (build/.../qemu.args).

# Where OpenSBI enters: the image is linked for it.
LOAD_ADDRESS = 0x80200000

# CPU=NAME takes dts/platform/qemu/cpus/NAME.dtsi, and QEMU_CPU_NAME where QEMU's own name for it is not NAME.
DEFAULT_CPU = rv64
QEMU_CPU_rv64 = rv64,h=true
QEMU_CPU_max = max,h=true

QEMU_MACHINE = virt,aia=aplic-imsic,aia-guests=1
QEMU_DEFAULT = qemu-system-riscv64
QEMU_ARGUMENTS = -nographic
