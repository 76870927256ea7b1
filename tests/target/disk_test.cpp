// SPDX-License-Identifier: Apache-2.0
// Runs an unmodified guest with a disk and a network of its own beside one without.
#include <gtest/gtest.h>

#include "shell.hpp"

namespace mullion::target {
namespace {

const Options with_devices{
    .description = "linux-with-disk",
    // QEMU keeps what is written to itself, so that the file stays as the build made it.
    .extra = {"-global", "virtio-mmio.force-legacy=false", "-drive",
              "file=" MULLION_BUILD "/images/disk,format=raw,if=none,id=disk,snapshot=on", "-device",
              "virtio-blk-device,drive=disk,bus=virtio-mmio-bus.0", "-netdev", "user,id=net", "-device",
              "virtio-net-device,netdev=net,bus=virtio-mmio-bus.1"},
};

TEST(LinuxWithDisk, LivesOnItsDiskAndNetworkBesideANeighbour) {
    Machine machine(with_devices);
    Shell alpha(machine, "alpha", '1');
    Shell beta(machine, "beta", '2');
    machine.expect_line("mullion", "not isolated against DMA by alpha");
    machine.expect_line("alpha", "lease of 10.0.2.15 obtained");
    alpha.expect_prompt();
    beta.expect_prompt();

    alpha.expect_answer("mount | grep ' / '", "^/dev/vda on / type ext4 ");
    alpha.expect_answer("seq 100000 >/root/numbers; sync; echo 3 >/proc/sys/vm/drop_caches; md5sum /root/numbers",
                        "^dea9193b768319cbb4ff1a137ac03113  /root/numbers$");
    alpha.expect_answer("ip -4 -o addr show eth0", "inet 10.0.2.15/24");
    alpha.expect_answer("ping -c 1 10.0.2.2", "1 packets received");

    // The neighbour has no such device, and did not notice the disk's or the network's.
    beta.take_input();
    beta.expect_answer("ls /proc/device-tree/soc | grep -c virtio", "^0$");
    beta.expect_answer("echo answer $((6 * 7))", "^answer 42$");

    // A device that masters the bus might still write to the memory of a next life; so the guest gets none.
    alpha.take_input();
    alpha.type("reboot");
    machine.expect_line("mullion", "^alpha stays off");
    beta.take_input();
    beta.expect_answer("echo still $((40 + 2))", "^still 42$");
}

}  // namespace
}  // namespace mullion::target
