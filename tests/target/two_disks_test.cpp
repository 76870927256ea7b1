// SPDX-License-Identifier: Apache-2.0
// Two guests, unmodified, each with a disk and a network card behind the IOMMU.
#include <gtest/gtest.h>

#include "shell.hpp"

namespace mullion::target {
namespace {

/// The machine of dts/two-disks.mk. What is written stays in this QEMU: the files are as the build made them, for every
/// run.
const Options with_functions{
    .description = "two-disks.disks",
    .platform = "qemu-iommu",
    .extra = {"-drive", "file=" MULLION_BUILD "/images/disk,format=raw,if=none,id=disk0,snapshot=on", "-device",
              "nvme,drive=disk0,serial=alpha", "-netdev", "user,id=net0", "-device",
              "virtio-net-pci,netdev=net0,iommu_platform=on,disable-legacy=on,romfile=", "-drive",
              "file=" MULLION_BUILD "/images/disk-2,format=raw,if=none,id=disk1,snapshot=on", "-device",
              "nvme,drive=disk1,serial=beta", "-netdev", "user,id=net1", "-device",
              "virtio-net-pci,netdev=net1,iommu_platform=on,disable-legacy=on,romfile="},
};

/// Writes a file of the guest's own, and reads it from the disk.
void write_to_disk(Shell& shell, const std::string& name) {
    shell.expect_answer("echo of " + name + " >/root/own; sync; echo 3 >/proc/sys/vm/drop_caches; cat /root/own",
                        "^of " + name + "$");
    shell.expect_answer("seq 100000 >/root/numbers; sync; echo 3 >/proc/sys/vm/drop_caches; md5sum /root/numbers",
                        "^dea9193b768319cbb4ff1a137ac03113  /root/numbers$");
}

TEST(TwoDisks, AreTheirGuestsOwn) {
    Machine machine(with_functions);
    Shell alpha(machine, "alpha", '1');
    Shell beta(machine, "beta", '2');
    machine.expect_line("mullion", "^isolated against DMA: ");
    machine.expect_line("alpha", "lease of 10.0.2.15 obtained");
    machine.expect_line("beta", "lease of 10.0.2.15 obtained");
    alpha.expect_prompt();
    beta.expect_prompt();

    alpha.expect_answer("mount | grep ' / '", "^/dev/nvme0n1 on / type ext4 ");
    alpha.expect_answer("cat /sys/block/nvme0n1/device/serial", "^alpha");
    alpha.expect_answer("ls /sys/bus/pci/devices | wc -l", "^2$");
    write_to_disk(alpha, "alpha");
    alpha.expect_answer("ping -c 1 10.0.2.2", "1 packets received");

    beta.take_input();
    beta.expect_answer("cat /sys/block/nvme0n1/device/serial", "^beta");
    write_to_disk(beta, "beta");
    beta.expect_answer("ping -c 1 10.0.2.2", "1 packets received");

    // Configuration space is used while drivers begin. What they do then costs no exit.
    const auto accesses = [&] {
        machine.type_key('s');
        machine.expect_line("mullion", "^alpha: running$");  // the answer begins
        return machine.expect_line("mullion", "mmio pci (\\d+)").at(1);
    };
    alpha.take_input();
    const auto before = accesses();
    alpha.expect_answer("dd if=/dev/nvme0n1 of=/dev/null bs=128k 2>/dev/null && echo all is read", "^all is read$");
    EXPECT_EQ(accesses(), before);

    // In the middle of transfers: its devices are reset with it, and what is on the disk is there; the neighbour has
    // not noticed.
    alpha.type("while :; do dd if=/dev/nvme0n1 of=/dev/null bs=64k 2>/dev/null; done &");
    alpha.expect_prompt();
    machine.type_key('r');
    machine.expect_line("mullion", "^alpha is restarted");
    machine.expect_line("alpha", "lease of 10.0.2.15 obtained");
    alpha.expect_prompt();
    alpha.expect_answer("cat /root/own", "^of alpha$");
    beta.take_input();
    beta.expect_answer("cat /root/own", "^of beta$");

    machine.type_key('s');
    machine.expect_line("mullion", "^DMA: 0 accesses refused$");
}

}  // namespace
}  // namespace mullion::target
