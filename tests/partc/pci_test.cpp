// SPDX-License-Identifier: Apache-2.0
// PCI host bridges and functions as a board's tree has them. What is refused, and how, is in bad/.
#include "pci.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "blob.hpp"
#include "process.hpp"

namespace mullion::partc {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// A board whose bridge has these properties, and a function 00:02.0 with those.
Tree board(const std::string& of_bridge, const std::string& of_function = {}) {
    const auto blob = run({"dtc", "-q", "-q", "-f", "-I", "dts", "-O", "dtb", "-"},
                          "/dts-v1/; / { #address-cells = <2>; #size-cells = <2>;"
                          "iommu: iommu { #iommu-cells = <1>; }; other: other { #iommu-cells = <1>; };"
                          "bridge { #address-cells = <3>; #size-cells = <2>; compatible = \"pci-host-ecam-generic\";" +
                              of_bridge + "function@2,0 { compatible = \"pci1b36,10\"; reg = <0x1000 0 0 0 0>;" +
                              of_function + "}; }; };");
    return std::move(*read_blob(blob.out, {}));
}

class Pci : public testing::Test {
 protected:
    static std::optional<std::uint32_t> id(const std::string& of_bridge, std::uint32_t requester) {
        const auto tree = board(of_bridge);
        return device_id_of(tree, *tree.by_path("/bridge"), *tree.by_path("/iommu"), requester);
    }

    static bool is_bridge(const std::string& of_bridge) {
        const auto tree = board(of_bridge);
        return is_host_bridge(tree, *tree.by_path("/bridge"), *tree.by_path("/iommu"));
    }

    static std::expected<PciFunction, std::string> function(const std::string& of_function) {
        const auto tree = board("", of_function);
        const auto& bridge = *tree.by_path("/bridge");
        return read_function(*bridge.child("function@2,0"), bridge);
    }
};

TEST_F(Pci, HasTheDeviceIdThatTheFirstEntryGives) {
    EXPECT_EQ(id("iommu-map = <0x10 &iommu 0x200 0x10>;", 0x18), 0x208u);
    EXPECT_EQ(id("iommu-map = <0 &iommu 7 0>, <0 &iommu 0 0xffff>;", 0x18), 0x18u) << "the first has no ids";
    EXPECT_EQ(id("iommu-map = <0 &iommu 0x100 0x20>, <0 &iommu 0x300 0x20>;", 0x18), 0x118u);
    EXPECT_EQ(id("iommu-map-mask = <0xf8>; iommu-map = <0 &iommu 0 0x100>;", 0x1f), 0x18u);
}

TEST_F(Pci, HasNoDeviceIdWhereTheIommuDoesNotGetIt) {
    EXPECT_EQ(id("", 0x18), std::nullopt);
    EXPECT_EQ(id("iommu-map = <0 &iommu 0 0x18>;", 0x18), std::nullopt);
    EXPECT_EQ(id("iommu-map = <0x19 &iommu 0 0x18>;", 0x18), std::nullopt);
    EXPECT_EQ(id("iommu-map = <0 &other 0 0x100>, <0 &iommu 0 0x100>;", 0x18), std::nullopt);
    EXPECT_EQ(id("iommu-map = <0 &iommu 0 0x100 0>;", 0x18), std::nullopt) << "malformed";
}

TEST_F(Pci, HasABridgeOnlyBeforeTheIommu) {
    const std::string type = "device_type = \"pci\";";
    EXPECT_TRUE(is_bridge(type + "iommu-map = <0 &iommu 0 0>;"));
    EXPECT_FALSE(is_bridge(type + "iommu-map = <0 &other 0 0x100>;"));
    EXPECT_FALSE(is_bridge(type));
    EXPECT_FALSE(is_bridge("iommu-map = <0 &iommu 0 0>;"));
    EXPECT_FALSE(is_bridge(type + "iommu-map = <0 &iommu 0 0>; status = \"disabled\";"));
}

TEST_F(Pci, HasWindowsOfMemoryThatKeepItsAddresses) {
    const auto tree = board(
        "device_type = \"pci\"; ranges = <0x43000000 8 0  8 0  1 0>, <0x01000000 0 0x3000  0 0x3000  0 0x1000>,"
        "<0x02000000 0 0x5000  0 0x6000  0 0x1000>, <0x02000000 0 0x40000000  0 0x40000000  0 0x1000>;");
    EXPECT_THAT(tree.by_path("/bridge")->pci_memory(),
                ElementsAre(HostRange{{0x4000'0000}, 0x1000}, HostRange{{0x8'0000'0000}, 0x1'0000'0000}));
    EXPECT_THAT(board("ranges = <0x02000000 0 0x5000  0 0x5000  0 0x1000>;").by_path("/bridge")->pci_memory(),
                IsEmpty());
}

TEST_F(Pci, HasBarsOfTheKindThatTheirAddressTells) {
    const auto bars = function(
                          "assigned-addresses = <0x82001010 0 0x40000000  0 0x1000>,"
                          "<0xc3001014 8 0x4000  0 0x4000>, <0x8100101c 0 0x100  0 0x20>,"
                          "<0x82001030 0 0x50000000  0 0x10000>;")
                          ->bars;
    EXPECT_EQ(bars[0].base, Hpa{0x4000'0000});
    EXPECT_FALSE(bars[0].is_64_bit || bars[0].is_prefetchable);
    EXPECT_EQ(bars[1].base, Hpa{0x8'0000'4000});
    EXPECT_TRUE(bars[1].is_64_bit && bars[1].is_prefetchable);
    for (const auto slot : {2, 3, 4, 5}) {
        EXPECT_FALSE(bars.at(static_cast<std::size_t>(slot)).exists()) << "neither ports nor a ROM are a BAR " << slot;
    }
}

TEST_F(Pci, HasTheNumberAndTheIdsOfItsNode) {
    const auto found = function("assigned-addresses = <0x82001010 0 0x40000000  0 0x1000>;");
    EXPECT_EQ(found->number, 0x10);
    EXPECT_EQ(found->vendor_id, 0x1b36);
    EXPECT_EQ(found->product_id, 0x10);
    EXPECT_EQ(address_text(*found), "00:02.0");
}

}  // namespace
}  // namespace mullion::partc
