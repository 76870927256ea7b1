// SPDX-License-Identifier: Apache-2.0
// Tests where in the machine partc finds that a node's registers may be.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "blob.hpp"
#include "process.hpp"

namespace mullion::partc {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Returns where the node `here` among these nodes may be: "anywhere", "0x5000000+0x1000".
std::vector<std::string> places(const std::string& nodes) {
    const auto blob = run({"dtc", "-q", "-q", "-f", "-I", "dts", "-O", "dtb", "-"},
                          "/dts-v1/; / { #address-cells = <1>; #size-cells = <1>;" + nodes + " };");
    const auto tree = read_blob(blob.out, {});
    std::vector<std::string> found;
    walk(tree->root(), [&](const Node& node) {
        for (const auto& range : node.base_name() == "here" ? node.possible_ranges() : std::vector<HostRange>{}) {
            std::ostringstream text;
            text << std::hex << std::showbase << range.base.value << '+' << range.size;
            found.push_back(node.may_be_anywhere() ? "anywhere" : text.str());
        }
    });
    return found;
}

/// Returns the same for a node `here` below a device at 0x5000000, which has 4 KiB of registers and is no bus.
std::vector<std::string> places_in_device(const std::string& here) {
    return places("syscon@5000000 { reg = <0x5000000 0x1000>; #address-cells = <1>; #size-cells = <1>;" + here + "};");
}

TEST(Addresses, AreTranslatedByEachBus) {
    EXPECT_THAT(places("here { reg = <0x5000000 0x1000>; };"), ElementsAre("0x5000000+0x1000"));
    EXPECT_THAT(places("bus { #address-cells = <1>; #size-cells = <1>; ranges = <0x0 0x5000000 0x2000>;"
                       "here { reg = <0x800 0x100>; }; };"),
                ElementsAre("0x5000800+0x100"));
}

TEST(Addresses, AreAnywhereWhereTheBusDoesNotHaveThem) {
    for (const auto* reg : {"0x1f00 0x200", "0x2000 0x100", "0xffffffff 0x2"}) {
        EXPECT_THAT(places("bus { #address-cells = <1>; #size-cells = <1>; ranges = <0x0 0x5000000 0x2000>;"
                           "here { reg = <" +
                           std::string(reg) + ">; }; };"),
                    ElementsAre("anywhere"))
            << reg;
    }
}

TEST(Addresses, AreAnywhereWithoutASize) {
    EXPECT_THAT(places("bus { #address-cells = <1>; #size-cells = <0>; ranges; here { reg = <0x800>; }; };"),
                ElementsAre("anywhere"));
}

TEST(Addresses, AreAnywhereOnABusThatLeadsNowhere) {
    EXPECT_THAT(places("bus { #address-cells = <1>; #size-cells = <1>; here { reg = <0x800 0x100>; }; };"),
                ElementsAre("anywhere"));
}

TEST(Addresses, AreNumbersOnASerialBus) {
    EXPECT_THAT(places("i2c { #address-cells = <1>; #size-cells = <0>; here { reg = <0x50>; }; };"), IsEmpty());
}

TEST(Addresses, AreOffsetsInTheDeviceAboveIfThatHasRoom) {
    const auto device = ElementsAre("0x5000000+0x1000");
    EXPECT_THAT(places_in_device("here { reg = <0x800 0x100>; };"), device);
    EXPECT_THAT(places_in_device("here { compatible = \"a\"; reg = <0xf00 0x100>; };"), device);
    EXPECT_THAT(places_in_device("folder { #address-cells = <1>; #size-cells = <1>; here { reg = <0 4>; }; };"),
                device);
    for (const auto* reg : {"0xf00 0x101", "0x5000800 0x100", "0xffffffff 0x2"}) {
        EXPECT_THAT(places_in_device("here { reg = <" + std::string(reg) + ">; };"), ElementsAre("anywhere")) << reg;
    }
}

TEST(Addresses, OfStoredBytesAreWhereTheStorageIs) {
    const std::string partition = "#address-cells = <1>; #size-cells = <1>; here { reg = <0x100000 0x100000>; };";
    EXPECT_THAT(places_in_device("partitions { compatible = \"fixed-partitions\"; " + partition + " };"),
                ElementsAre("0x5000000+0x1000"));
    EXPECT_THAT(places("efuse { layout { compatible = \"fixed-layout\"; " + partition + " }; };"), IsEmpty());
    EXPECT_THAT(places("efuse { layout { compatible = \"other\"; " + partition + " }; };"), ElementsAre("anywhere"));
}

}  // namespace
}  // namespace mullion::partc
