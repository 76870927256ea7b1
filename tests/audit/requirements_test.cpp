// SPDX-License-Identifier: Apache-2.0
#include "requirements.hpp"

#include <gmock/gmock.h>

#include "fixture.hpp"

namespace mullion::audit {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    if (at == std::string::npos) {
        throw Error("the test's tree has no " + from);
    }
    return text.replace(at, from.size(), to);
}

// The interrupt files are not in the harts' order.
const std::string tree = R"(/dts-v1/;
/ {
    #address-cells = <2>;
    #size-cells = <2>;
    cpus {
        #address-cells = <1>;
        #size-cells = <0>;
        cpu0: cpu@0 { reg = <0>; cpu0_intc: interrupt-controller { #interrupt-cells = <1>; }; };
        cpu1: cpu@1 { reg = <7>; cpu1_intc: interrupt-controller { #interrupt-cells = <1>; }; };
    };
    memory@80000000 { device_type = "memory"; reg = <0x0 0x80000000 0x1 0x0>; };
    reserved-memory {
        #address-cells = <2>;
        #size-cells = <2>;
        ranges;
        firmware@80000000 { reg = <0x0 0x80000000 0x0 0x200000>; };
    };
    soc {
        #address-cells = <1>;
        #size-cells = <1>;
        ranges;
        interrupt-parent = <&aplic>;
        uart0: serial@10000000 { reg = <0x10000100 0x100>; interrupts = <10 4>; };
        aplic: interrupt-controller@c000000 { reg = <0xc000000 0x4000>; #interrupt-cells = <2>; };
        imsic: interrupt-controller@28000000 {
            reg = <0x28000000 0x10000>;
            interrupts-extended = <&cpu1_intc 9>, <&cpu0_intc 9>;
            riscv,guest-index-bits = <2>;
        };
        side {
            #address-cells = <1>;
            #size-cells = <1>;
            ranges;
            iommu@30000 { reg = <0x30000 0x1000>; compatible = "test,iommu", "riscv,iommu"; };
        };
        dma: two@20000 { reg = <0x20000 0x800>, <0x22000 0x1800>; };
    };
    partitions {
        alpha {
            #address-cells = <2>;
            #size-cells = <2>;
            cpus = <&cpu0 &cpu1>;
            devices = <&dma>;
            memory@80000000 { device_type = "memory"; reg = <0x0 0x80000000 0x0 0x400000>; };
            memory@100000000 {
                device_type = "memory";
                reg = <0x1 0x0 0x0 0x1000>;
                host-address = <0x0 0x90000000>;
            };
        };
    };
};
)";

Requirements asked_of(const std::string& source) {
    return read_requirements(compile(source));
}

/// Returns why a tree is refused.
std::string refusal(const std::string& source) {
    try {
        asked_of(source);
        return "";
    } catch (const Error& error) {
        return error.what();
    }
}

TEST(Requirements, ReadsTheBoard) {
    const auto asked = asked_of(tree);
    EXPECT_THAT(asked.ram, ElementsAre(Range{0x8000'0000, 0x1'0000'0000}));
    ASSERT_EQ(asked.reserved.size(), 1u);
    EXPECT_EQ(asked.reserved[0].range, (Range{0x8000'0000, 0x20'0000}));
    EXPECT_EQ(asked.uart, (Range{0x1000'0000, page_size}));
    EXPECT_EQ(asked.controller.range, (Range{0xc00'0000, 0x4000}));
    EXPECT_EQ(asked.uart_registers, (Range{0x1000'0100, 0x100}));
    EXPECT_EQ(asked.uart_source, (WiredSource{10, 6}));
    EXPECT_TRUE(asked.has_imsic);
    ASSERT_TRUE(asked.iommu);
    EXPECT_EQ(asked.iommu->name, "iommu@30000");
    EXPECT_EQ(asked.iommu->range, (Range{0x3'0000, page_size}));
}

TEST(Requirements, ReadsChannels) {
    const auto two = replaced(tree, "        alpha {", R"(
        small { compatible = "mullion,channel"; size = <0x1000>; read-write = <&alpha>; };
        large { compatible = "mullion,channel"; size = <0x0 0x200000>; read-only = <&alpha>; };
        fixed { compatible = "mullion,channel"; size = <0x1000>; guest-address = <0xc0000000>; read-write = <&alpha>; };
        last { compatible = "mullion,channel"; size = <0x1000>; read-write = <&alpha>; };
        alpha: alpha {)");
    const auto asked = asked_of(two);
    ASSERT_EQ(asked.guests.size(), 1u);
    const auto& channels = asked.guests[0].channels;
    ASSERT_EQ(channels.size(), 4u);
    const std::uint64_t tebi = std::uint64_t{1} << 40;
    const std::vector<std::uint64_t> places{tebi, tebi + 0x20'0000, 0xc000'0000, tebi + 0x40'0000};
    for (std::size_t i = 0; i < channels.size(); ++i) {
        EXPECT_EQ(channels[i].at, places[i]);
        EXPECT_EQ(channels[i].size, i == 1 ? 0x20'0000U : page_size);
        EXPECT_EQ(channels[i].rights, i == 1 ? readable : readable | writable);
        EXPECT_TRUE(channels[i].is_shared && !channels[i].to);
    }
    EXPECT_EQ(channels[1].what, "channel large");
    EXPECT_THAT(refusal(replaced(two, "size = <0x1000>", "size = <0x1800>")), HasSubstr("small: has no size"));
}

TEST(Requirements, KnowsAtMostOneIommu) {
    const std::string compatible = "\"riscv,iommu\"";
    EXPECT_FALSE(asked_of(replaced(tree, compatible, "\"test,other\"")).iommu);
    EXPECT_FALSE(asked_of(replaced(tree, compatible, compatible + "; status = \"disabled\"")).iommu);
    const auto second = replaced(
        tree, "        dma: two@20000 {",
        "        iommu@40000 { compatible = " + compatible + "; reg = <0x40000 0x1000>; };\n        dma: two@20000 {");
    EXPECT_THAT(refusal(second), HasSubstr("iommu@40000: is a second IOMMU"));
}

TEST(Requirements, KnowsEverythingThatIsNobodys) {
    auto source =
        replaced(tree, "/dts-v1/;", "/dts-v1/;\n/memreserve/ 0x90000000 0x1000;\n/memreserve/ 0x801ff000 0x2000;");
    source = replaced(source, "#address-cells = <2>;", R"(
    riscv,physical-memory-regions = <0x0 0x80000000 0x1 0x0 0x1ff7 0x0>, <0xc0 0x0 0x1 0x0 0xe07 0x0>,
                                    <0x0 0x0 0x0 0x1000 0x3 0x0>;
    #address-cells = <2>;)");
    source = replaced(source, "    reserved-memory {", R"(
    memory@200000000 { device_type = "memory"; reg = <0x2 0x0 0x1 0x0>; status = "disabled"; };
    cache { uncached-offset = <0x8 0x0>; };
    chosen { #address-cells = <2>; #size-cells = <2>; ranges;
             framebuffer@b0000000 { reg = <0x0 0xb0000000 0x0 0x1000>; }; };
    buttons { #address-cells = <1>; #size-cells = <0>; button@b1000000 { reg = <0xb1000000>; }; };
    reserved-memory {)");
    source = replaced(source, "        firmware@80000000", R"(
        pool { size = <0x0 0x1000>; };
        logs@a0000000 { reg = <0x0 0xa0000000 0x0 0x1000>; status = "disabled"; };
        firmware@80000000)");
    const auto asked = asked_of(source);
    EXPECT_THAT(asked.ram, ElementsAre(Range{0x8000'0000, 0x1'0000'0000}));
    std::vector<Range> ranges;
    for (const auto& reserved : asked.reserved) {
        ranges.push_back(reserved.range);
    }
    EXPECT_THAT(ranges,
                ElementsAre(Range{0x8000'0000, 0x20'1000}, Range{0x9000'0000, 0x1000}, Range{0xa000'0000, 0x1000},
                            Range{0xb000'0000, 0x1000}, Range{0x2'0000'0000, 0x1'0000'0000},
                            Range{0x8'8000'0000, 0x1'0000'0000}, Range{0xc0'0000'0000, 0x1'0000'0000}));
}

/// Reads a board whose IMSIC has a region of 'reg' for each socket.
TEST(Requirements, FindsInterruptFilesInGroups) {
    const auto asked = asked_of(replaced(tree, "<0x28000000 0x10000>", "<0x28000000 0x4000>, <0x29000000 0x4000>"));
    ASSERT_EQ(asked.harts.size(), 2u);
    EXPECT_EQ(asked.harts[0].files->supervisor, 0x2800'0000u);
    EXPECT_EQ(asked.harts[1].files->supervisor, 0x2900'0000u);
    EXPECT_EQ(asked.harts[1].files->guest, 0x2900'1000u);
}

TEST(Requirements, FindsEachHartsInterruptFiles) {
    const auto asked = asked_of(tree);
    ASSERT_EQ(asked.harts.size(), 2u);
    EXPECT_EQ(asked.harts[0].id, 7u);
    EXPECT_EQ(asked.harts[0].files->supervisor, 0x2800'0000u);
    EXPECT_EQ(asked.harts[0].files->guest, 0x2800'1000u);
    EXPECT_EQ(asked.harts[1].id, 0u);
    EXPECT_EQ(asked.harts[1].files->supervisor, 0x2800'4000u);
    EXPECT_EQ(asked.harts[1].files->guest, 0x2800'5000u);
}

/// Returns the board with a PLIC, some of whose contexts are M-mode's, and one of which is nobody's.
std::string with_plic() {
    const auto imsic = tree.find("        imsic:");
    const auto end = tree.find("};\n", imsic) + 3;
    return replaced(
        replaced(replaced(tree.substr(0, imsic) + tree.substr(end), "<10 4>", "<10>"), "<&aplic>", "<&plic>"),
        "aplic: interrupt-controller@c000000 { reg = <0xc000000 0x4000>; #interrupt-cells = <2>; };",
        "plic: interrupt-controller@c000000 { reg = <0xc000000 0x400000>; #interrupt-cells = <1>; interrupts-extended ="
        "    <&cpu1_intc 11>, <&cpu1_intc 9>, <&cpu0_intc 0xffffffff>, <&cpu0_intc 9>; };");
}

TEST(Requirements, FindsThePlicAndItsHarts) {
    const auto asked = asked_of(with_plic());
    EXPECT_EQ(asked.controller.name, "plic");
    EXPECT_EQ(asked.controller.range, (Range{0xc00'0000, 0x40'0000}));
    ASSERT_EQ(asked.harts.size(), 2u);
    EXPECT_EQ(asked.harts[0].id, 7u);
    EXPECT_EQ(asked.harts[1].id, 0u);
    EXPECT_FALSE(asked.harts[0].files || asked.harts[1].files);
    EXPECT_EQ(asked.harts[0].context, 1u);
    EXPECT_EQ(asked.harts[1].context, 3u);
    EXPECT_EQ(asked.uart_source, (WiredSource{10, 6}));
    EXPECT_THAT(asked.guests.at(0).interrupt_files, testing::IsEmpty());
    EXPECT_EQ(asked.guests.at(0).pieces().size(), 4u);
}

TEST(Requirements, FindsTheHartsOfAnAplicAlone) {
    const auto asked = asked_of(
        replaced(replaced(replaced(with_plic(), "plic:", "aplic:"), "0x400000", "0x8000"), "<&plic>", "<&aplic>"));
    EXPECT_EQ(asked.controller.name, "aplic");
    EXPECT_EQ(asked.harts.size(), 2u);
    const auto numbered = asked_of(replaced(
        replaced(replaced(replaced(with_plic(), "plic:", "aplic:"), "0x400000", "0x8000"), "<&plic>", "<&aplic>"),
        "interrupts-extended", "riscv,hart-indexes = <0 5 0 2>; interrupts-extended"));
    EXPECT_EQ(numbered.harts.at(0).context, 5u);
    EXPECT_EQ(numbered.harts.at(1).context, 2u);
}

TEST(Requirements, RefusesHartsThatAPlicDoesNotInterrupt) {
    EXPECT_THAT(refusal(replaced(with_plic(), "<&cpu0_intc 9>", "<&cpu0_intc 11>")), HasSubstr("hart 0 is not"));
    EXPECT_THAT(refusal(replaced(with_plic(), "<&cpu1_intc 11>", "<&cpu1_intc 9>")), HasSubstr("named twice"));
}

TEST(Requirements, FindsIdentityMemoryWhereTheGuestSeesIt) {
    const auto guest = asked_of(replaced(tree, "host-address = <0x0 0x90000000>", "identity")).guests.at(0);
    EXPECT_EQ(guest.memory.at(0).to, std::nullopt);
    EXPECT_EQ(guest.memory.at(1).to, std::optional{guest.memory.at(1).at});
}

TEST(Requirements, ListsWhatAGuestReaches) {
    const auto guest = asked_of(tree).guests.at(0);
    EXPECT_EQ(guest.name, "alpha");
    EXPECT_THAT(guest.harts, ElementsAre(0, 7));
    const auto pieces = guest.pieces();
    ASSERT_EQ(pieces.size(), 6u);
    const auto expect = [&](std::size_t i, std::uint64_t at, std::optional<std::uint64_t> to, std::uint64_t size,
                            std::uint8_t rights) {
        EXPECT_EQ(pieces[i].at, at);
        EXPECT_EQ(pieces[i].to, to);
        EXPECT_EQ(pieces[i].size, size);
        EXPECT_EQ(pieces[i].rights, rights);
    };
    const std::uint8_t rw = readable | writable;
    expect(0, 0x2'0000, 0x2'0000, 0x1000, rw);
    expect(1, 0x2'2000, 0x2'2000, 0x2000, rw);
    expect(2, 0x2800'0000, 0x2800'5000, 0x1000, rw);
    expect(3, 0x2800'1000, 0x2800'1000, 0x1000, rw);
    expect(4, 0x8000'0000, std::nullopt, 0x40'0000, rw | executable);
    expect(5, 0x1'0000'0000, 0x9000'0000, 0x1000, rw | executable);
}

/// The tree with a PCI host bridge before the IOMMU, and a function that alpha has; its device id is not its number.
std::string with_function() {
    auto source = replaced(tree, "iommu@30000 {", "iommu: iommu@30000 {");
    source = replaced(source, "dma: two@20000 {", R"(pci: pci@40000000 {
            #address-cells = <3>;
            #size-cells = <2>;
            device_type = "pci";
            compatible = "pci-host-ecam-generic";
            reg = <0x40000000 0x1000000>;
            iommu-map = <0 &iommu 0 0>, <0x10 &iommu 0x90 0x10>;
            card: card@3,1 {
                reg = <0x1900 0 0 0 0>;
                assigned-addresses = <0xc3001910 0x4 0x00000000 0x0 0x4000>, <0x81001918 0x0 0x40 0x0 0x20>,
                                     <0x8200191c 0x0 0x50000800 0x0 0x100>, <0x82001930 0x0 0x51000000 0x0 0x1000>;
            };
        };
        dma: two@20000 {)");
    return replaced(source, "<&dma>", "<&dma &card>");
}

TEST(Requirements, FindsTheFunctionsOfAGuest) {
    const auto asked = asked_of(with_function());
    ASSERT_TRUE(asked.pci);
    EXPECT_EQ(asked.pci->range, (Range{0x4000'0000, 0x100'0000}));
    const auto& guest = asked.guests.at(0);
    ASSERT_EQ(guest.functions.size(), 1u);
    EXPECT_EQ(guest.functions[0].name, "card@3,1");
    EXPECT_EQ(guest.functions[0].device_id, 0x99u);
    EXPECT_EQ(guest.functions[0].number, 0x19u);
    EXPECT_THAT(guest.functions[0].bars, ElementsAre(Bar{0, {0x4'0000'0000, 0x4000}}, Bar{3, {0x5000'0800, 0x100}}));
    EXPECT_THAT(guest.emulated, ElementsAre(pci_host));
    // Pages of its memory BARs, neither of ports nor of the ROM.
    ASSERT_EQ(guest.devices.size(), 4u);
    EXPECT_EQ(guest.devices[2].at, 0x4'0000'0000u);
    EXPECT_EQ(guest.devices[2].size, 0x4000u);
    EXPECT_EQ(guest.devices[3].to, std::optional<std::uint64_t>{0x5000'0000});
    EXPECT_EQ(guest.devices[3].size, page_size);
    EXPECT_FALSE(asked_of(tree).pci);
}

TEST(Requirements, RefusesFunctionsThatTheIommuDoesNotGet) {
    const auto refusal_with = [](const std::string& from, const std::string& to) {
        return refusal(replaced(with_function(), from, to));
    };
    EXPECT_THAT(refusal_with("0x90 0x10>", "0x90 0x9>"), HasSubstr("card@3,1: does DMA that the IOMMU does not get"));
    EXPECT_THAT(refusal_with("<0x10 &iommu 0x90 0x10>", "<0x10 &uart0 0x90 0x10>"), HasSubstr("does not get"));
    EXPECT_THAT(refusal_with("0x90 0x10>", "0x90>"), HasSubstr("entries of four numbers"));
    EXPECT_THAT(refusal_with("reg = <0x1900", "reg = <0x11900"), HasSubstr("no function on bus 0"));
    EXPECT_THAT(refusal_with("iommu-map", "msi-map"), HasSubstr("no function on bus 0"));
}

TEST(Requirements, FollowsBusesToTheMachinesAddresses) {
    const auto moved = replaced(tree, "dma: two@20000 { reg = <0x20000 0x800>, <0x22000 0x1800>; };",
                                "bus { #address-cells = <1>; #size-cells = <1>; ranges = <0x0 0x40000 0x2000>;"
                                "    dma: two@1000 { reg = <0x1000 0x800>; };"
                                "};");
    EXPECT_THAT(asked_of(moved).guests.at(0).pieces().at(0).at, 0x4'1000u);
}

TEST(Requirements, GivesADeviceWithWhatIsBelowIt) {
    const auto with_child = [](const std::string& child) {
        return asked_of(replaced(tree, "<0x22000 0x1800>; };",
                                 "<0x22000 0x1800>; #address-cells = <1>; #size-cells = <1>; ranges;" + child + "};"))
            .guests.at(0)
            .pieces();
    };
    EXPECT_EQ(with_child("a@24000 { reg = <0x24000 0x100>; };").at(2).at, 0x2'4000u);
    EXPECT_EQ(with_child("a@24000 { reg = <0x24000 0x100>; status = \"disabled\"; };").size(), 6u);
    EXPECT_EQ(with_child("a@22800 { reg = <0x22800 0x100>; };").size(), 6u) << "has that page already";
}

/// Returns the sources of alpha's device, with `properties` on it.
std::vector<WiredSource> sources_with(const std::string& properties) {
    return asked_of(replaced(tree, "<0x22000 0x1800>; };", "<0x22000 0x1800>; " + properties + " };"))
        .guests.at(0)
        .sources;
}

TEST(Requirements, FindsTheWiresOfDevices) {
    EXPECT_THAT(sources_with(""), testing::IsEmpty());
    EXPECT_THAT(sources_with("interrupts = <7 1>, <5 2>, <6 8>, <9 4>, <5 2>;"),
                ElementsAre(WiredSource{5, 5}, WiredSource{6, 7}, WiredSource{7, 4}, WiredSource{9, 6}));
    EXPECT_THAT(sources_with("interrupts = <7 1>; interrupts-extended = <&aplic 8 4>, <&cpu0_intc 3>, <&aplic 3 4>;"),
                ElementsAre(WiredSource{3, 6}, WiredSource{8, 6}));
    EXPECT_THAT(sources_with("part { interrupts = <4 4>; }; off { status = \"disabled\"; interrupts = <3 4>; };"),
                ElementsAre(WiredSource{4, 6}));
    EXPECT_THAT(sources_with("interrupt-parent = <&cpu0_intc>; interrupts = <4>;"), testing::IsEmpty());
}

TEST(Requirements, FindsWhatAPartitionAllows) {
    const auto guest = asked_of(replaced(tree, "devices =", "allow-unprotected-dma; watchdog; devices =")).guests.at(0);
    EXPECT_TRUE(guest.dma_allowed);
    EXPECT_THAT(guest.emulated, ElementsAre(EmulatedKind{3, "watchdog"}));
    EXPECT_FALSE(asked_of(tree).guests.at(0).dma_allowed);
    EXPECT_THAT(asked_of(tree).guests.at(0).emulated, IsEmpty());
}

TEST(Requirements, FindsTheSerialPortWhereItIsAskedFor) {
    EXPECT_EQ(asked_of(tree).guests.at(0).uart, (Range{0x1000'0000, 0x100})) << "wherever the board's is";
    const auto elsewhere =
        replaced(tree, "memory@100000000 {", "serial@500000000 { reg = <0x5 0x0 0x0 0x400>; }; memory@100000000 {");
    EXPECT_EQ(asked_of(elsewhere).guests.at(0).uart, (Range{0x5'0000'0000, 0x400}));
    EXPECT_THAT(refusal(replaced(elsewhere, "reg = <0x5 0x0 0x0 0x400>;", "")), HasSubstr("not addresses and sizes"));
    EXPECT_THAT(refusal(replaced(elsewhere, "0x0 0x400>;", "0x0 0x400>, <0x6 0x0 0x0 0x400>;")),
                HasSubstr("not one range"));
}

TEST(Requirements, RefusesWhatItCannotJudge) {
    EXPECT_EQ(refusal(tree), "");
    EXPECT_THAT(refusal(replaced(tree, "cpus = <&cpu0 &cpu1>", "cpus = <&cpu0 &cpu0>")), HasSubstr("hart 0"));
    EXPECT_THAT(refusal(replaced(tree, "<&dma>", "<&dma &dma>")), HasSubstr("twice"));
    EXPECT_THAT(refusal(replaced(tree, "<0x1 0x0 0x0 0x1000>", "<0x1 0x0 0x0 0x1800>")), HasSubstr("whole pages"));
    EXPECT_THAT(refusal(replaced(tree, "<0x28000000 0x10000>", "<0x28000000 0x4000>")), HasSubstr("not in 'reg'"));
    EXPECT_THAT(refusal(replaced(tree, "guest-index-bits = <2>", "guest-index-bits = <0>")), HasSubstr("1 to 6"));
    EXPECT_THAT(refusal(replaced(tree, "<&cpu0_intc 9>", "<&cpu0_intc 11>")), HasSubstr("not the supervisor's"));
    EXPECT_THAT(refusal(replaced(tree, "<1>;\n        ranges;", "<1>;\n        ranges = <0 0 0x1000 0x1000>;")),
                HasSubstr("no way leads"));
    EXPECT_THAT(refusal(replaced(tree, "<&dma>", "<&{/}>")), HasSubstr("/: is the root"));
    EXPECT_THAT(refusal(replaced(tree, "uart0: ", "")), HasSubstr("'uart0'"));
    EXPECT_THAT(refusal(replaced(tree, "interrupts = <10 4>;", "")), HasSubstr("no interrupt"));
    EXPECT_THAT(refusal(replaced(tree, "<10 4>", "<10 4 11>")), HasSubstr("not whole"));
    EXPECT_THAT(refusal(replaced(tree, "partitions", "partition")), HasSubstr("'partitions'"));
}

TEST(Tree, RefusesWhatIsNoBlob) {
    EXPECT_THROW(Tree{""}, Error);
    EXPECT_THROW(Tree{std::string(100, 'x')}, Error);
}

}  // namespace
}  // namespace mullion::audit
