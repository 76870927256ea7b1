// SPDX-License-Identifier: Apache-2.0
#include "explain.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixture.hpp"

namespace mullion::partc {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class ExplainTest : public testing::Test {
 protected:
    std::string at(std::uint64_t address, const std::string& name = "every-format") const {
        const auto result = show(workspace.options(name), [&](const Described& d) { return explain(d, address); });
        EXPECT_TRUE(result.ok) << result.messages;
        return result.text;
    }

    const Workspace workspace{PARTC_TESTS};
};

TEST_F(ExplainTest, NamesAnAddressOfEachKindOfOwnerAndTheLine) {
    EXPECT_THAT(at(0x8000'0010), StartsWith("host address 0x80000010: the firmware's, 0x10 bytes into it\n"
                                            "    board/platform.dtsi:74: reg = <0x0 0x80000000  0x0 0x200000>;\n"));
    EXPECT_THAT(at(0x8020'0000), StartsWith("host address 0x80200000: Mullion's text, 0x0 bytes into it\n"
                                            "    placed from the load address 0x80200000 on\n"));
    EXPECT_THAT(at(0x100'0004), StartsWith("host address 0x1000004: Mullion's uart0, 0x4 bytes into it\n"
                                           "    board/platform.dtsi:88: reg = <0x0 0x1000000  0x0 0x400>;\n"));
    EXPECT_THAT(at(0x2'0000'0000), StartsWith("host address 0x200000000: nobody's memory, 0x0 bytes into it\n"
                                              "    board/platform.dtsi:65: reg = <0x2 0x00000000  0x1 0x00000000>;\n"));
    EXPECT_THAT(at(0x900'0000), StartsWith("host address 0x9000000: nothing that the board's tree names\n"));
}

TEST_F(ExplainTest, TellsAGuestsDeviceFromBothSides) {
    EXPECT_EQ(at(0x200'0004),
              "host address 0x2000004: alpha's rtc, rw-, 0x4 bytes into it, its guest address 0x2000004\n"
              "    every-format.dts:15: devices = <&rtc>;\n"
              "guest address 0x2000004 of alpha: rtc, rw-, 0x4 bytes into it, host address 0x2000004\n"
              "    every-format.dts:15: devices = <&rtc>;\n"
              "guest address 0x2000004 of beta, gamma-2: nothing, an access faults\n");
}

TEST_F(ExplainTest, TellsAFunctionsBarFromItsBridge) {
    EXPECT_THAT(
        at(0x4004'0004, "with-functions"),
        StartsWith("host address 0x40040004: alpha's eth0, rw-, 0x4 bytes into it, its guest address 0x40040004\n"
                   "    with-functions.dts:17: devices = <&rtc &eth0 &eth1>;\n"));
    const auto text = at(0x1'0000'0004, "with-functions");
    EXPECT_THAT(text, StartsWith("host address 0x100000004: Mullion's pci, 0x4 bytes into it\n"));
    EXPECT_THAT(text, HasSubstr("guest address 0x100000004 of beta: the emulated pci host bridge, 0x4 bytes into it\n"
                                "    with-functions.dts:33: devices = <&nvme0>;\n"));
}

TEST_F(ExplainTest, NamesAllGuestsOfAChannel) {
    const auto text = at((1ULL << 40) + 0x20'0004, "channels");
    const std::string host = "host address 0x";
    const auto beta = text.find("of beta: channel telemetry, rw-, 0x4 bytes into it, " + host);
    ASSERT_NE(beta, text.npos) << text;
    EXPECT_THAT(text, HasSubstr("of alpha: channel telemetry, r--, 0x4 bytes into it, " + host));
    const auto at_host = at(std::stoull(text.substr(text.find(host, beta) + host.size()), nullptr, 16), "channels");
    EXPECT_THAT(at_host, HasSubstr("alpha's channel telemetry, r--, 0x4 bytes into it, its guest address "));
    EXPECT_THAT(at_host, HasSubstr("beta's channel telemetry, rw-, 0x4 bytes into it, its guest address "));
}

TEST_F(ExplainTest, TellsAnInterruptFileFromItsController) {
    EXPECT_THAT(
        at(0x800'9000),
        StartsWith("host address 0x8009000: alpha's interrupt file of hart 1, rw-, 0x0 bytes into it, its guest "
                   "address 0x8001000\n    every-format.dts:14: cpus = <&cpu3 &cpu1>;\n"));
    EXPECT_THAT(at(0x800'8000), StartsWith("host address 0x8008000: Mullion's imsic, 0x8000 bytes into it\n"));
}

TEST_F(ExplainTest, TellsTheBoardsPlicFromTheGuests) {
    const auto text = at(0xc00'0010, "with-plic");
    EXPECT_THAT(text, StartsWith("host address 0xc000010: Mullion's plic, 0x10 bytes into it\n"));
    EXPECT_THAT(text, HasSubstr("guest address 0xc000010 of alpha: the emulated plic, 0x10 bytes into it\n"
                                "    every guest has it, where the board has its own\n"));
}

TEST_F(ExplainTest, TellsAPlicThatMadeWay) {
    EXPECT_THAT(at(0x440'0004, "with-aplic"),
                HasSubstr("guest address 0x4400004 of beta: the emulated plic, 0x4 bytes into it\n"
                          "    every guest has it, behind what it has where the board has its own\n"));
}

TEST_F(ExplainTest, KnowsThePaddingOfTheHypervisorAsItsOwn) {
    EXPECT_THAT(at(0x803f'f000), StartsWith("host address 0x803ff000: Mullion's padding"));
}

TEST_F(ExplainTest, TellsOfEachGuestWhatItHasThere) {
    EXPECT_THAT(
        at(0x8020'0010),
        HasSubstr("guest address 0x80200010 of alpha: memory@80000000, rwx, 0x200010 bytes into it, host address "));
    EXPECT_THAT(at(0x8020'0010), HasSubstr(", in the kernel that is loaded at 0x80200000\n"
                                           "    every-format.dts:20: reg = <0x0 0x80000000  0x0 0x4000000>;\n"));
    EXPECT_THAT(at(0x8020'0010), HasSubstr("guest address 0x80200010 of gamma-2: nothing, an access faults\n"));
    EXPECT_THAT(at(0x100'0004),
                HasSubstr("guest address 0x1000004 of beta: the emulated serial port, 0x4 bytes into it\n"));
    EXPECT_THAT(at(0x400'0000), HasSubstr("guest address 0x4000000 of alpha: the emulated aplic, 0x0 bytes into it\n"));
}

}  // namespace
}  // namespace mullion::partc
