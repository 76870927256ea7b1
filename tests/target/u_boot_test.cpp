// SPDX-License-Identifier: Apache-2.0
// Runs a boot loader as a guest: U-Boot changes its tree in place, moves itself to the top of memory, and boots a
// kernel by the tree that it was given.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "machine.hpp"
#include "shell.hpp"

namespace mullion::target {
namespace {

namespace fs = std::filesystem;

const fs::path build{MULLION_BUILD};

/// Returns where partc put the guest's ramdisk, from its report.
std::uint64_t ramdisk_address() {
    std::ifstream report(build / "qemu/u-boot/report.txt");
    const std::regex line(" *ramdisk +0x([0-9a-f]+)\\.\\..*");
    std::smatch found;
    for (std::string text; std::getline(report, text);) {
        if (std::regex_match(text, found, line)) {
            return std::stoull(found[1], nullptr, 16);
        }
    }
    throw std::runtime_error("the report tells of no ramdisk");
}

std::string hex(std::uint64_t value) {
    std::ostringstream text;
    text << std::hex << value;
    return text.str();
}

TEST(UBoot, BootsDebiansKernelByItsOwnTree) {
    const auto initrd_size = fs::file_size(build / "images/initrd");
    const auto kernel = ramdisk_address();
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
