# SPDX-License-Identifier: Apache-2.0
# What linux-with-disk.dts needs besides: its images, and what QEMU puts in the places virtio0 and virtio1.
DISK ?= build/images/disk
IMAGES = build/images/initrd-disk $(DISK)
QEMU_DEVICES = -global virtio-mmio.force-legacy=false \
    -drive file=$(DISK),format=raw,if=none,id=disk -device virtio-blk-device,drive=disk,bus=virtio-mmio-bus.0 \
    -netdev user,id=net -device virtio-net-device,netdev=net,bus=virtio-mmio-bus.1
