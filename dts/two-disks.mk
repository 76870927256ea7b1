# SPDX-License-Identifier: Apache-2.0
# What two-disks.dts needs besides: a machine with an IOMMU, images, and the PCI functions nvme0, eth0, nvme1 and eth1, in
# this order. QEMU_BOARD names the machine with these devices. CMake reads the lines of QEMU_DEVICES, too.
PLATFORM ?= qemu-iommu
IMAGES = build/images/initrd-disk build/images/disk build/images/disk-2
QEMU_BOARD = disks
QEMU_DEVICES = -drive file=build/images/disk,format=raw,if=none,id=disk0 -device nvme,drive=disk0,serial=alpha
QEMU_DEVICES += -netdev user,id=net0
QEMU_DEVICES += -device virtio-net-pci,netdev=net0,iommu_platform=on,disable-legacy=on,romfile=
QEMU_DEVICES += -drive file=build/images/disk-2,format=raw,if=none,id=disk1 -device nvme,drive=disk1,serial=beta
QEMU_DEVICES += -netdev user,id=net1
QEMU_DEVICES += -device virtio-net-pci,netdev=net1,iommu_platform=on,disable-legacy=on,romfile=
