// SPDX-License-Identifier: Apache-2.0
// Boots machines that the manuals allow and QEMU is not, slow ones and lesser ones. Guests must find what they find
// elsewhere.
#include <gtest/gtest.h>

#include <string>

#include "machine.hpp"
#include "probe.hpp"

namespace mullion::target {
namespace {

/// Runs hypervisors for which the machine seems so in one place (cmake/planted.cmake).
class LawfulMachine : public testing::TestWithParam<std::string> {};

TEST_P(LawfulMachine, CarriesItsGuests) {
    const auto image = planted(GetParam(), "two-probes");
    Machine machine({.description = "two-probes", .deterministic = true, .extra = {"-kernel", image}});
    expect_ready(machine, "alpha");
    expect_cases_pass(machine, "alpha", "imsic.own-file,imsic.ping-pong,rfence.sfence,isolation.devices",
                      {"imsic.own-file", "imsic.ping-pong", "rfence.sfence", "isolation.devices"});
}

INSTANTIATE_TEST_SUITE_P(Case, LawfulMachine, testing::Values("late-msi", "no-vmid"),
                         [](const auto& image) { return test_name(image.param); });

/// Gives guests fewer identities, as the board file says (riscv,num-guest-ids).
TEST(SmallGuestFiles, CarryAGuest) {
    Machine machine(
        {.description = "three-files",
         .extra = {"-M", "virt,aia=aplic-imsic,aia-guests=3", "-kernel", planted("small-files", "three-files")}});
    expect_ready(machine, "alpha");
    expect_cases_pass(machine, "alpha", "imsic.own-file", {"imsic.own-file"});
}

/// Has the firmware enter on a hart that the board file leaves out; Mullion asks it to start another.
class UndescribedHart : public testing::TestWithParam<std::string> {};

TEST_P(UndescribedHart, HasAnotherBoot) {
    Machine machine({.description = "two-probes",
                     .platform = GetParam(),
                     .deterministic = true,
                     .extra = {"-smp", "5", "-bios", MULLION_TARGET_FOLDER "/boot_hart_4.elf"}});
    expect_ready(machine, "alpha");
    expect_cases_pass(machine, "alpha", "ipi.ping-pong,hsm.start", {"ipi.ping-pong", "hsm.start"});
}

INSTANTIATE_TEST_SUITE_P(Platform, UndescribedHart, testing::Values("qemu", "qemu-plic", "qemu-aplic"),
                         [](const auto& platform) { return test_name(platform.param); });

}  // namespace
}  // namespace mullion::target
