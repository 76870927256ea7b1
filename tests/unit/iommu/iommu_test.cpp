// SPDX-License-Identifier: Apache-2.0
// The driver of hv/arch/iommu, as it ships, on a model of the IOMMU: whatever firmware left, and whatever the IOMMU
// does not take.
#include "arch/iommu/iommu.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "arch/memory.hpp"
#include "core/tables.hpp"
#include "machine.hpp"

namespace mullion {
namespace {

constexpr Board board_of_model() {
    Board board;
    board.timebase_frequency = 1000;
    board.iommu = {modelled::Iommu::base, 4096};
    return board;
}

bool is_there = true;

}  // namespace

constexpr PciFunction function{.number = 0x10, .device_id = 0x10};
constexpr Guest guest_of_model() {
    Guest guest;
    guest.functions = {&function, 1};
    return guest;
}
constexpr Guest guest = guest_of_model();
constexpr std::array<std::uint64_t, 2> trees{0, std::uint64_t{10} << 60 | 0x8'0000};  // Sv57x4

constinit const Description description{
    .name = "modelled", .board = board_of_model(), .guests = {&guest, 1}, .images = {}};
constinit const std::span<const std::uint64_t> hgatp = trees;
alignas(page_size) constinit const std::array<std::uint64_t, 2 * ddt::page_words> directories{};
constinit const std::array<const std::uint64_t*, 2> device_directories{directories.data(),
                                                                       directories.data() + ddt::page_words};

std::uint64_t arch::probe_load(Hpa at) {
    return is_there && at == modelled::Iommu::base ? 0 : 5;
}

namespace {

using arch::iommu::driver;
using testing::ElementsAre;
using testing::EndsWith;
using testing::StartsWith;
namespace reg = mullion::iommu;

std::vector<std::uint32_t> devices;

arch::iommu::Refused refused() {
    devices.clear();
    return arch::iommu::driver.refused([](std::uint32_t device) { devices.push_back(device); });
}

/// ddtp with the directory of that format.
std::uint64_t root(std::size_t format) {
    return reinterpret_cast<std::uint64_t>(device_directories[format]) >> 12 << 10 | 4;
}

class IommuDriver : public testing::Test {
 protected:
    IommuDriver() {
        is_there = true;
        iommu = {};
        iommu.registers[reg::capabilities] = 0x78e2cf0f10;
        EXPECT_EQ(initialise(), "");
        iommu.log.clear();
    }

    static std::string initialise() {
        const auto wrong = driver.initialise();
        return wrong ? std::string{wrong->view()} : "";
    }

    modelled::Iommu& iommu = modelled::machine;
};

TEST_F(IommuDriver, LetsNothingThroughOfWhatFirmwareLeft) {
    const auto before = refused().count;
    iommu.registers[reg::ddtp] = 0x8'1234ULL << 10 | 1;  // Bare
    iommu.registers[reg::fctl] = 7;
    for (const auto csr : {reg::cqcsr, reg::fqcsr, reg::pqcsr}) {
        iommu.registers[csr] = 3 | reg::queue_on;
    }
    EXPECT_EQ(initialise(), "");
    EXPECT_THAT(iommu.log, ElementsAre("off", "off 72", "off 76", "off 80", "on 72", "on 76", "command 3.0",
                                       "command 1.1", "command 2.0", "directory"));
    EXPECT_EQ(iommu.registers[reg::ddtp], root(0));
    EXPECT_EQ(iommu.registers[reg::fctl], 2u) << "little-endian, and interrupts as they were";
    EXPECT_EQ(refused().count, before);
}

TEST_F(IommuDriver, TakesTheDirectoryOfItsFormat) {
    EXPECT_EQ(iommu.registers[reg::ddtp], root(0));
    iommu.registers[reg::capabilities] &= ~reg::msi_flat;
    EXPECT_EQ(initialise(), "");
    EXPECT_EQ(iommu.registers[reg::ddtp], root(1));
}

TEST_F(IommuDriver, HasTheModeOfGuests) {
    iommu.registers[reg::capabilities] &= ~reg::has_g_stage(10);
    EXPECT_THAT(initialise(), EndsWith("cannot translate as the harts of guests do"));
    EXPECT_EQ(iommu.registers[reg::ddtp] & reg::ddtp_mode, 0u) << "nothing gets through";
}

TEST_F(IommuDriver, CompletesAsOftenAsItIsAsked) {
    for (int i = 0; i < 5; ++i) {
        iommu.log.clear();
        EXPECT_TRUE(driver.complete());
        ASSERT_FALSE(iommu.log.empty());
        EXPECT_EQ(iommu.log.back(), "command 2.0") << "a fence comes last";
    }
    EXPECT_EQ(iommu.registers[reg::ddtp], root(0)) << "the directory stays";
    iommu.stuck = reg::cqh;
    EXPECT_FALSE(driver.complete());
}

TEST_F(IommuDriver, KeepsThePageNumberWhileItTurnsOff) {
    iommu.registers[reg::ddtp] = 0x8'1234ULL << 10 | 2;
    iommu.stuck = reg::fctl;
    iommu.registers[reg::fctl] = reg::fctl_be;
    EXPECT_NE(initialise(), "");
    EXPECT_EQ(iommu.registers[reg::ddtp], 0x8'1234ULL << 10);
}

TEST_F(IommuDriver, TellsThatThereIsNone) {
    is_there = false;
    EXPECT_EQ(initialise(), "no IOMMU at 0x3010000, where the board file has it");
    EXPECT_THAT(iommu.log, ElementsAre());
}

TEST_F(IommuDriver, TellsThatItIsAnother) {
    iommu.registers[reg::capabilities] = 0x20;
    EXPECT_EQ(initialise(), "the IOMMU at 0x3010000 cannot do what version 1 of the specification says");
    EXPECT_THAT(iommu.log, ElementsAre());
}

/// A register that does not take what is written, and what was there before; and the line that tells.
struct Stuck {
    std::uint32_t at = 0;
    std::uint64_t value = 0;
    std::string line;
};

class StuckIommu : public IommuDriver, public testing::WithParamInterface<Stuck> {};

TEST_P(StuckIommu, IsRefused) {
    iommu.stuck = GetParam().at;
    iommu.registers[GetParam().at] = GetParam().value;
    const auto line = initialise();
    EXPECT_THAT(line, StartsWith("the IOMMU at 0x3010000 cannot "));
    EXPECT_THAT(line, EndsWith(GetParam().line));
}

INSTANTIATE_TEST_SUITE_P(Register, StuckIommu,
                         testing::Values(Stuck{reg::ddtp, 1, "be turned off"},
                                         Stuck{reg::ddtp, reg::ddtp_busy, "be turned off"},
                                         Stuck{reg::ddtp, 0, "take a device directory of three levels"},
                                         Stuck{reg::cqcsr, reg::queue_on, "close its queues"},
                                         Stuck{reg::fqcsr, reg::queue_on, "close its queues"},
                                         Stuck{reg::pqcsr, reg::queue_on, "close its queues"},
                                         Stuck{reg::pqcsr, reg::queue_busy, "close its queues"},
                                         Stuck{reg::fctl, reg::fctl_be, "be little-endian with 64-bit guests"},
                                         Stuck{reg::fctl, reg::fctl_gxl, "be little-endian with 64-bit guests"},
                                         Stuck{reg::cqb, 0, "take queues"}, Stuck{reg::fqb, 0, "take queues"},
                                         Stuck{reg::cqcsr, 0, "take queues"}, Stuck{reg::fqcsr, 0, "take queues"},
                                         Stuck{reg::cqh, 0, "forget what it knew"}),
                         [](const auto& stuck) { return "Case" + std::to_string(stuck.index); });

TEST_F(IommuDriver, InterruptsOnceWhenItIsToldTo) {
    constexpr Hpa file{0x2800'0000};
    refused();
    iommu.registers[reg::fctl] = reg::fctl_wsi;
    EXPECT_TRUE(driver.listen(file, 2));
    EXPECT_EQ(iommu.registers[reg::fctl], 0u);
    EXPECT_EQ(iommu.registers[reg::msi_address], file.value);
    EXPECT_EQ(iommu.registers[reg::msi_data], 2u);
    EXPECT_EQ(iommu.registers[reg::fqcsr] & 0xffff, reg::queue_enable | reg::queue_interrupt);
    EXPECT_FALSE(driver.has_interrupted());
    iommu.registers[reg::ipsr] = reg::fault_pending;
    EXPECT_TRUE(driver.has_interrupted());
    EXPECT_EQ(iommu.registers[reg::fqcsr] & 0xffff, reg::queue_enable);
}

TEST_F(IommuDriver, TellsOfWhatCameBeforeItListened) {
    iommu.refuse(0x10);
    EXPECT_FALSE(driver.listen({0x2800'0000}, 2));
    refused();
    EXPECT_TRUE(driver.listen({0x2800'0000}, 2));
    refused();
    EXPECT_NE(iommu.registers[reg::fqcsr] & reg::queue_interrupt, 0u) << "counting does not end it";
}

TEST_F(IommuDriver, ThatHasWiresAloneIsNotListenedTo) {
    iommu.registers[reg::capabilities] = 0x78d2cf0f10;  // IGS = 1
    iommu.registers[reg::fctl] = reg::fctl_wsi;
    EXPECT_FALSE(driver.listen({0x2800'0000}, 2));
    EXPECT_EQ(iommu.registers[reg::fctl], reg::fctl_wsi);
}

TEST_F(IommuDriver, CountsWhatWasRefused) {
    const auto before = refused();
    EXPECT_FALSE(before.overflows != 0);
    for (const std::uint32_t device : {0x10, 0xab'cdef, 0x18}) {
        iommu.refuse(device);
    }
    auto now = refused();
    EXPECT_EQ(now.count, before.count + 3);
    EXPECT_EQ(now.last_device, 0x18u);
    EXPECT_THAT(devices, ElementsAre(0x10, 0xab'cdef, 0x18));
    EXPECT_FALSE((now.overflows != 0));
    EXPECT_EQ(refused().count, before.count + 3) << "each once";

    for (int i = 0; i < 200; ++i) {
        iommu.refuse(0x20);
    }
    now = refused();
    EXPECT_EQ(now.count, before.count + 3 + 127) << "a page of records, less one";
    EXPECT_TRUE((now.overflows != 0));
    iommu.refuse(0x28);
    now = refused();
    EXPECT_EQ(now.count, before.count + 3 + 127 + 1) << "there is room again";
    EXPECT_EQ(now.last_device, 0x28u);
    EXPECT_TRUE((now.overflows != 0));
}

}  // namespace
}  // namespace mullion
