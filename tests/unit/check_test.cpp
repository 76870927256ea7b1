// SPDX-License-Identifier: Apache-2.0
#include "core/check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "check_fixture.hpp"

namespace mullion {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(CheckTest, FindsNothingInALawfulDescription) {
    EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(CheckTest, JudgesConstants) {
    static constexpr Description empty{};
    static_assert(first_finding(empty).has_value());
    static_assert(is_guest_name("a-guest-of12") && !is_guest_name("a-guest-of-13"));
}

TEST_F(CheckTest, WantsTheImageOnAnAlignedAddress) {
    board.load_address = board.load_address + page_size;
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::load_address_unaligned}));
}

TEST_F(CheckTest, WantsTheBoardWithinReachOfTheHypervisor) {
    ram.push_back({{host_address_end - mebi}, 2 * mebi});
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::board_too_high}));
}

TEST_F(CheckTest, WantsTheHypervisorInRam) {
    ram = {{{0x8000'0000}, 2 * mebi + page_size}, {{0x9000'0000}, gibi}};
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::hypervisor_outside_ram}));
}

TEST_F(CheckTest, WantsTheHypervisorOutsideTheFirmware) {
    board.firmware.size += page_size;
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::hypervisor_outside_ram}));
}

TEST_F(CheckTest, WantsAGuestInterruptFile) {
    for (const std::uint32_t bits : {0U, 7U, 64U}) {
        board.imsic.guest_index_bits = bits;
        EXPECT_THAT(findings(), Contains(Finding{Rule::no_guest_file})) << bits;
    }
}

TEST_F(CheckTest, WantsDistinctImsicIndices) {
    harts[3].imsic_index = harts[1].imsic_index;
    EXPECT_THAT(findings(), Contains(Finding{Rule::imsic_index_taken, Finding::board, 3, Finding::board, 1}));
}

TEST_F(CheckTest, WantsInterruptFilesInsideTheImsic) {
    board.imsic.size -= page_size;
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::interrupt_files_outside, Finding::board, 0}));
}

TEST_F(CheckTest, WantsAGuest) {
    no_guests = true;
    EXPECT_THAT(findings(), ElementsAre(Finding{Rule::no_guest}));
}

TEST_F(CheckTest, WantsAShortLowerCaseName) {
    for (const auto* name : {"", "Beta", "1beta", "-b", "be_ta", "longer-than-12"}) {
        beta.name = name;
        EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::name_invalid))) << name;
    }
}

TEST_F(CheckTest, RefusesReservedNames) {
    for (const auto name : reserved_names) {
        beta.name = name;
        EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::name_reserved))) << name;
    }
}

TEST_F(CheckTest, RefusesNamesThatAskForDevices) {
    beta.name = "watchdog";
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::name_reserved)));
    for (const auto* name : {"aplic", "plic", "uart"}) {
        beta.name = name;
        EXPECT_THAT(findings(), IsEmpty()) << name << ": every guest has one";
    }
}

TEST_F(CheckTest, RefusesNamesOfFilesOfTheBuild) {
    for (const auto name : file_names) {
        beta.name = name;
        EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::name_of_file))) << name;
    }
}

TEST_F(CheckTest, WantsASerialPortWithAllItsRegisters) {
    for (const std::uint32_t shift : {6U, 64U, ~0U}) {
        beta.devices[1].parameter = shift;
        EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::virtual_uart_too_small))) << shift;
    }
    beta.devices.pop_back();
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::virtual_uart_too_small))) << "none";
}

TEST_F(CheckTest, WantsDistinctNames) {
    beta.name = alpha.name;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::name_taken, 0, 0)));
}

TEST_F(CheckTest, WantsAHart) {
    beta.harts.clear();
    EXPECT_THAT(findings(), Contains(of_beta(Rule::no_hart)));
}

TEST_F(CheckTest, WantsHartsThatTheBoardHas) {
    beta.harts[1] = 4;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::hart_unknown, 1), of_beta(Rule::wrong_interrupt_file, 1)));
}

TEST_F(CheckTest, GivesAHartToOneGuest) {
    beta.harts[1] = alpha.harts[1];
    EXPECT_THAT(findings(), Contains(of_beta(Rule::hart_taken, 1, 0, 1)));
}

TEST_F(CheckTest, GivesAHartOnce) {
    beta.harts[1] = beta.harts[0];
    EXPECT_THAT(findings(), Contains(of_beta(Rule::hart_taken, 1, 1, 0)));
}

TEST_F(CheckTest, KeepsVirtualDevicesApart) {
    beta.devices[0].base = beta.devices[1].base;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::virtual_devices_meet, 1, 0, 0)));
    beta.devices[0].base = memory_at;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::virtual_device_overlaps, 2, 0, 0)));
    beta.devices = alpha.devices;
    beta.devices[1].base = files_at + page_size;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::virtual_device_overlaps, 1, 0, 1)));
}

TEST_F(CheckTest, WantsVirtualDevicesBelowTheEndOfGuestAddresses) {
    const auto size = beta.devices[1].size;
    beta.devices[1].base = {guest_address_end - size};
    EXPECT_THAT(findings(), IsEmpty());
    for (const auto base : {guest_address_end - size + 1, guest_address_end, 0 - size, ~std::uint64_t{0}}) {
        beta.devices[1].base = {base};
        EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::virtual_device_too_high, 1))) << std::hex << base;
    }
}

TEST_F(CheckTest, KeepsTheWatchdogApart) {
    beta.devices.push_back({DeviceKind::watchdog, {0x1000'1000}, 0x20, 11});
    EXPECT_THAT(findings(), IsEmpty());
    beta.devices[2].base = beta.devices[1].base;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::virtual_devices_meet, 2, 0, 1)));
    beta.devices[2].base = beta.devices[0].base + page_size;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::virtual_devices_meet, 2, 0, 0)));
    beta.devices[2].base = files_at;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::virtual_device_overlaps, 0, 0, 2)));
}

TEST_F(CheckTest, WantsEmulatedDevicesInWholeWordsBehindAddressZero) {
    const auto lawful = beta.devices;
    const auto finding = of_beta(Rule::virtual_device_invalid, 0);
    beta.devices[0].size += 2;
    EXPECT_THAT(findings(), ElementsAre(finding));
    beta.devices = lawful;
    beta.devices[0].base = beta.devices[0].base + 2;
    EXPECT_THAT(findings(), ElementsAre(finding));
    beta.devices[0].base = {};
    EXPECT_THAT(findings(), ElementsAre(finding));
    beta.devices = lawful;
    beta.devices[1].size += 1;
    EXPECT_THAT(findings(), IsEmpty()) << "a 16550's are bytes";
    beta.devices[1].base = {};
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::virtual_device_invalid, 1)));
}

TEST_F(CheckTest, WantsOneDeviceOfAKind) {
    beta.devices.push_back({DeviceKind::watchdog, {0x1000'1000}, 0x20, 11});
    beta.devices.push_back({DeviceKind::watchdog, {0x1000'2000}, 0x20, 12});
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::virtual_device_twice, 3, 0, 2)));
}

TEST_F(CheckTest, ResetsOnlyTheGuestsOwnDevices) {
    const auto finding = Finding{Rule::reset_outside_device, 0};
    for (const auto& lawful :
         {DeviceReset{rtc_at + 0x10, 0, 4}, {rtc_at + 0x10, 0, 4, true}, {rtc_at + 1, 0, 1}, {rtc_at + 0xffe, 0, 2}}) {
        alpha.resets = {lawful};
        EXPECT_THAT(findings(), IsEmpty());
    }
    for (const auto& wrong : {DeviceReset{rtc_at + page_size, 0, 4},
                              {rtc_at + 2, 0, 4},
                              {rtc_at, 0, 8},
                              {rtc_at, 0, 2, true},
                              {rtc_at, 0, 0},
                              {memory_at, 0, 4},
                              {files_at, 0, 4}}) {
        alpha.resets = {wrong};
        EXPECT_THAT(findings(), ElementsAre(finding));
    }
}

TEST_F(CheckTest, JudgesSources) {
    beta.sources = {{12}, {11}};
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::source_taken, 1, 0, 0)));
}

TEST_F(CheckTest, WantsImagesThatExist) {
    beta.loads[0].image = 2;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::image_unknown, 0)));
}

TEST_F(CheckTest, LoadsNothingFromBehindAnImage) {
    beta.loads[1].offset = 1;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::load_outside_image, 1)));
    beta.loads[1].offset = ~std::uint64_t{0};
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::load_outside_image, 1)));
}

TEST_F(CheckTest, LoadsOnlyIntoMemory) {
    beta.loads[1].to = memory_at + 64 * mebi - 2999;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::load_outside_memory, 1)));
    beta.loads[1].to = files_at;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::load_outside_memory, 1)));
}

TEST_F(CheckTest, RefusesLoadsThatOverlap) {
    beta.loads[1].to = beta.loads[0].to + (5 * mebi - 1);
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::loads_overlap, 1, 1, 0)));
}

TEST_F(CheckTest, EntersMemory) {
    for (const Gpa entry : {memory_at - 2, memory_at + 1, memory_at + 64 * mebi, files_at}) {
        beta.rest.entry = entry;
        EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::entry_outside_memory))) << std::hex << entry.value;
    }
}

TEST_F(CheckTest, EntersExecutableMemory) {
    memory().rights = Rights::rw;
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::entry_outside_memory)));
}

TEST_F(CheckTest, WantsTheTreeAlignedInMemory) {
    for (const Gpa tree : {memory_at + 4, memory_at + 64 * mebi, files_at}) {
        beta.rest.tree = tree;
        EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::tree_outside_memory))) << std::hex << tree.value;
    }
}

TEST_F(CheckTest, WhatAGuestNeedsIsNotLeftOut) {
    beta.rest.verified = true;
    beta.rest.policy.stop = {StopRequest::software_event, Stop::min_seconds};
    EXPECT_THAT(findings(), IsEmpty());
    services = services.without(Service::verification);
    EXPECT_THAT(findings(),
                ElementsAre(of_beta(Rule::service_left_out, static_cast<std::uint32_t>(Service::verification))));
    services = Services::all().without(Service::sse);
    EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::service_left_out, static_cast<std::uint32_t>(Service::sse))));
    beta.rest.policy.stop = {StopRequest::sysrq, Stop::min_seconds};
    services = Services::all().without(Service::sse).without(Service::pmu).without(Service::terminal);
    EXPECT_THAT(findings(), IsEmpty());
    beta.rest.policy.start.by_operator = true;
    EXPECT_THAT(findings(),
                ElementsAre(of_beta(Rule::service_left_out, static_cast<std::uint32_t>(Service::terminal))));
}

TEST_F(CheckTest, OnlyAPolicyOfEndsNeedsPolicies) {
    services = Services::all().without(Service::policies);
    beta.rest.policy.start.delay_ms = 10;
    beta.rest.policy.crash = Policy{}.crash;
    EXPECT_THAT(findings(), IsEmpty());
    const auto needed = ElementsAre(of_beta(Rule::service_left_out, static_cast<std::uint32_t>(Service::policies)));
    beta.rest.policy.crash = {Action::restart, {}};
    EXPECT_THAT(findings(), needed);
    beta.rest.policy = {};
    beta.rest.policy.reboot.limit = {1, 10};
    EXPECT_THAT(findings(), needed);
    beta.rest.policy = {};
    beta.rest.policy.stop = {StopRequest::sysrq, Stop::min_seconds};
    EXPECT_THAT(findings(), needed);
}

TEST_F(CheckTest, ThePlaceOfTheSeedIsInTheTree) {
    const auto tree = beta.loads[1];
    for (const auto at : {tree.to, tree.to + (3000 - SeedPlace::size)}) {
        beta.rest.seed.at = at;
        EXPECT_THAT(findings(), IsEmpty());
    }
    for (const auto at : {tree.to - 4, tree.to + (3000 - SeedPlace::size + 4), tree.to + 2, Gpa{4}, beta.loads[0].to}) {
        beta.rest.seed.at = at;
        EXPECT_THAT(findings(), ElementsAre(of_beta(Rule::seed_outside_tree))) << std::hex << at.value;
    }
}

}  // namespace
}  // namespace mullion
