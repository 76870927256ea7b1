// SPDX-License-Identifier: Apache-2.0
// Runs a boot loader as a guest: U-Boot changes its tree in place, moves itself to the top of memory, and boots a
// kernel by the tree that it was given.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "machine.hpp"
#include "report.hpp"
#include "shell.hpp"

namespace mullion::target {
namespace {

namespace fs = std::filesystem;

const fs::path build{MULLION_BUILD};

TEST(UBoot, BootsDebiansKernelByItsOwnTree) {
    const auto initrd_size = fs::file_size(build / "images/initrd");
    const auto ramdisk = find_in_report(build / "qemu/u-boot", " ramdisk +(0x[0-9a-f]+)\\.\\.").front().front();
    const auto kernel = std::stoull(ramdisk, nullptr, 16);  // with the initial ramdisk behind it
    const auto initrd = kernel + fs::file_size(build / "images/linux-and-initrd") - initrd_size;

    Machine machine({.description = "u-boot"});
    machine.expect_prompt("alpha", "Hit any key to stop autoboot");
    machine.type(" ");
    machine.expect_prompt("alpha", "=> $");
    machine.type("booti " + hex(kernel) + " " + hex(initrd) + ":" + hex(initrd_size) + " $fdtcontroladdr\r");
    machine.expect_line("alpha", "Starting kernel");
    Shell alpha(machine, "alpha", '1');
    alpha.expect_prompt();
    alpha.expect_answer("nproc", "^2$");
    alpha.type("poweroff");
    machine.expect_line("mullion", "^alpha powers off$");
    EXPECT_EQ(machine.exit_code(), 0);
}

}  // namespace
}  // namespace mullion::target
