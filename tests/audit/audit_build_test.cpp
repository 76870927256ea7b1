// SPDX-License-Identifier: Apache-2.0
// Audits real builds against descriptions that ask for something else, and images that were altered on purpose.
#include "audit.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "directory.hpp"
#include "fixture.hpp"
#include "map.hpp"
#include "registers.hpp"

namespace mullion::audit {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> mismatches_of(const Build& build) {
    std::vector<std::string> texts;
    for (const auto& mismatch : audit(build.image, build.asked).mismatches) {
        texts.push_back(text_of(mismatch));
    }
    return texts;
}

class Audit : public ::testing::Test {
 protected:
    std::vector<std::string> mismatches() const { return mismatches_of(build_); }

    /// Returns the entry by which a hart of the guest reaches the first page of the guest's memory.
    TableEntry memory_entry(std::size_t guest) const {
        const auto report = audit(build_.image, build_.asked);
        const auto& asked = build_.asked.guests.at(guest);
        for (const auto& hart : report.harts) {
            for (const auto& leaf : hart.g_stage.reached) {
                if (hart.guest == asked.name && leaf.at == asked.memory.at(0).at) {
                    return leaf.entry;
                }
            }
        }
        throw Error("the guest reaches no memory");
    }

    Build build_ = load_build("two-linux");
};

TEST_F(Audit, NamesWhoSharesAPageWithWhom) {
    const auto alpha = memory_entry(0);
    const auto beta = memory_entry(1);
    poke(build_.image, beta.address, alpha.value);
    EXPECT_THAT(mismatches(), Contains(HasSubstr("is alpha's and beta's: nothing may belong to two")));
}

TEST_F(Audit, TellsWhenAGuestReachesTheHypervisor) {
    const auto entry = memory_entry(0);
    poke(build_.image, entry.address, build_.image.symbols.at("mullion_images").address >> 2 | (entry.value & 0x3ff));
    EXPECT_THAT(mismatches(), Contains(HasSubstr("nothing may belong to two")));
}

TEST_F(Audit, TellsWhenMemoryIsWhereFirmwareIs) {
    const auto entry = memory_entry(0);
    build_.asked.reserved.push_back({"secure", {entry.value << 10 >> 20 << 12, page_size}});
    EXPECT_THAT(mismatches(), Contains(HasSubstr("secure's")));
}

TEST_F(Audit, TellsWhenMemoryIsNotInRam) {
    build_.asked.ram = {{build_.asked.ram.at(0).base, 0x280'0000}};
    EXPECT_THAT(mismatches(), Contains(HasSubstr("memory@80000000 is not in the board's RAM")));
    build_.asked.ram = {{build_.asked.ram.at(0).base, 0x200'0000}};
    EXPECT_THAT(mismatches(), Contains(::testing::StartsWith("image: ")));
}

TEST_F(Audit, TellsWhenAMemorysPlaceIsNotTheOneAskedFor) {
    build_.asked.guests.at(1).memory.at(0).to = 0xf000'0000;
    EXPECT_THAT(mismatches(), Contains(HasSubstr("instead of 0xf0000000")));
}

TEST_F(Audit, TellsWhenADeviceIsRam) {
    auto& devices = build_.asked.guests.at(0).devices;
    ASSERT_FALSE(devices.empty());
    build_.asked.ram.push_back({devices.at(0).at, page_size});
    EXPECT_THAT(mismatches(), Contains(HasSubstr("is RAM, but should be a device's")));
}

TEST_F(Audit, TellsWhenASectionIsNotInItsPart) {
    build_.image.sections.at(0).range.size += 0x10'0000;
    EXPECT_THAT(mismatches(), Contains(::testing::StartsWith("section .text")));
}

TEST_F(Audit, TellsWhenASegmentHasOtherRightsThanItsPart) {
    build_.image.segments.at(0).rights |= writable;
    EXPECT_THAT(mismatches(), Contains(::testing::StartsWith("section .text")));
}

TEST_F(Audit, TellsWhenTheStacksGuardPagesAreElsewhere) {
    build_.image.symbols.at("mullion_stacks").address += page_size;
    EXPECT_THAT(mismatches(), Contains(HasSubstr("which nobody asked for")));
    EXPECT_THAT(mismatches(), Contains(HasSubstr("of stack 0 are not reached")));
}

TEST_F(Audit, RefusesTablesAndRegistersThatCouldBeWritten) {
    for (auto& segment : build_.image.segments) {
        segment.rights |= segment.rights == readable ? writable : 0;
    }
    EXPECT_THROW(mismatches(), Error);
}

TEST_F(Audit, RefusesAnImageOfOtherHarts) {
    build_.asked.harts.at(0).id = 99;
    EXPECT_THROW(mismatches(), Error);
}

TEST_F(Audit, RefusesAStrippedImage) {
    build_.image.symbols.erase("boot_harts");
    EXPECT_THROW(mismatches(), Error);
}

TEST_F(Audit, TellsWhenHartsShareARootTable) {
    const auto& image = build_.image;
    const auto values = image.word(image.symbols.at("_ZN7mullion5hgatpE").address).value();
    poke(build_.image, values + 8, image.word(values).value());
    EXPECT_THAT(mismatches(), Contains(HasSubstr("root table")));
}

TEST_F(Audit, PrintsEachGuestsMap) {
    EXPECT_THAT(mismatches(), IsEmpty());
    const auto map = map_of(audit(build_.image, build_.asked));
    EXPECT_THAT(map, HasSubstr("alpha on cpu@0, hgatp 0x"));
    EXPECT_THAT(map, HasSubstr("beta on cpu@3, hgatp 0x"));
    EXPECT_THAT(map,
                HasSubstr("    0x0028001000..0x0028001fff  0x0028003000..0x0028003fff  rw-     1 x 4 KiB: interrupt "
                          "file of cpu@1\n"));
    EXPECT_THAT(map, HasSubstr("rwx     256 x 2 MiB: memory@80000000\n"));
    EXPECT_THAT(map, HasSubstr("hypervisor on cpu@0 cpu@1, satp 0x"));
}

/// Audits boards without an IMSIC: no interrupt file is reached, and the controller is the hypervisor's alone.
class AuditWithout : public ::testing::TestWithParam<const char*> {};

TEST_P(AuditWithout, AnImsicSeesWhoReachesTheController) {
    auto build = load_build("two-linux", GetParam());
    const auto& asked = build.asked;
    EXPECT_THAT(mismatches_of(build), IsEmpty());
    const auto report = audit(build.image, asked);
    EXPECT_THAT(map_of(report), ::testing::Not(HasSubstr("interrupt file")));
    EXPECT_THAT(map_of(report), HasSubstr(": " + asked.controller.name + "\n"));

    const auto& leaves = report.harts.at(0).g_stage.reached;
    const auto device = std::ranges::find(leaves, asked.guests.at(0).devices.at(0).at, &Leaf::at);
    ASSERT_NE(device, leaves.end());
    poke(build.image, device->entry.address, asked.controller.range.base >> 2 | (device->entry.value & 0x3ff));
    EXPECT_THAT(mismatches_of(build),
                Contains(HasSubstr(asked.controller.name + "'s and alpha's: nothing may belong to two")));
}

INSTANTIATE_TEST_SUITE_P(Platform, AuditWithout, ::testing::Values("qemu-plic", "qemu-aplic"));

/// Audits a board with an IOMMU, which is the hypervisor's alone, and whose directory lets no device through.
class AuditBehindIommu : public ::testing::Test {
 protected:
    Build build_ = load_build("two-probes", "qemu-iommu");
};

TEST_F(AuditBehindIommu, FindsADirectoryWithoutEntries) {
    EXPECT_THAT(mismatches_of(build_), IsEmpty());
    EXPECT_THAT(map_of(audit(build_.image, build_.asked)), HasSubstr(": " + build_.asked.iommu->name + "\n"));
}

TEST_F(AuditBehindIommu, FindsAnyBitOfTheDirectory) {
    const auto directory = build_.image.symbol("mullion_directory").address;
    for (const auto entry : {0u, 1u, 511u}) {
        for (unsigned bit = 0; bit < 64; ++bit) {
            flip(build_.image, directory + entry * 8, bit);
            // It is a directory of both formats.
            EXPECT_THAT(mismatches_of(build_), ::testing::ElementsAre(HasSubstr("device directory, extended format: "),
                                                                      HasSubstr("device directory, base format: ")))
                << "entry " << entry << ", bit " << bit;
            flip(build_.image, directory + entry * 8, bit);
        }
    }
}

TEST(AuditOfFunctions, FindsAnyBitOfTheDirectory) {
    auto build = load_build("two-disks.disks", "qemu-iommu");
    EXPECT_THAT(mismatches_of(build), IsEmpty());
    const auto directory = build.image.symbol("mullion_directory").address;
    const auto size = build.image.symbol("mullion_directory_size").address;
    // Every word that is not zero, and some that are.
    for (std::uint64_t at = 0; at < size; at += 8) {
        const bool is_looked_at = build.image.word(directory + at) != 0u || at % 1024 == 0;
        for (unsigned bit = 0; is_looked_at && bit < 64; ++bit) {
            flip(build.image, directory + at, bit);
            EXPECT_FALSE(judge_directory(build.image, build.asked).empty()) << "bit " << bit << " at " << at;
            flip(build.image, directory + at, bit);
        }
    }
}

TEST_F(AuditBehindIommu, WantsADirectoryWhereThereIsAnIommu) {
    build_.asked.iommu.reset();
    EXPECT_THAT(mismatches_of(build_), Contains("device directory: has 4096 bytes"));
    auto without = load_build("two-probes");
    without.asked.iommu = NamedRange{"iommu", {0x301'0000, page_size}};
    EXPECT_THAT(mismatches_of(without), Contains("device directory: has 0 bytes"));
}

TEST_F(AuditBehindIommu, SeesWhoReachesTheIommu) {
    const auto report = audit(build_.image, build_.asked);
    const auto& leaves = report.harts.at(0).g_stage.reached;
    const auto device = std::ranges::find(leaves, build_.asked.guests.at(0).devices.at(0).at, &Leaf::at);
    ASSERT_NE(device, leaves.end());
    poke(build_.image, device->entry.address, build_.asked.iommu->range.base >> 2 | (device->entry.value & 0x3ff));
    EXPECT_THAT(mismatches_of(build_), Contains(HasSubstr("'s and alpha's: nothing may belong to two")));
}

TEST(Image, RefusesWhatIsNoRiscvExecutable) {
    EXPECT_THROW(read_image("/proc/self/exe"), Error);
    EXPECT_THROW(read_image(MULLION_BUILD "/qemu/two-linux/description.dtb"), Error);
    EXPECT_THROW(read_image("/nowhere"), Error);
}

}  // namespace
}  // namespace mullion::audit
