// SPDX-License-Identifier: Apache-2.0
// Changes the description's constants in real builds bit by bit.
#include "constants.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <utility>

#include "audit.hpp"
#include "constants_judge.hpp"
#include "fixture.hpp"

namespace mullion::audit {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Constants : public ::testing::Test {
 protected:
    explicit Constants(const std::string& platform = "qemu", const std::string& description = "two-linux")
        : build_(load_build(description, platform)), report_(audit(build_.image, build_.asked)) {}

    Field field(const std::string& name) const { return fields_.at(name); }

    std::uint64_t root() const { return build_.image.symbol("_ZN7mullion11descriptionE").address; }

    /// Returns the address of member `i` of a list.
    std::uint64_t member(std::uint64_t object, const std::string& list, std::uint64_t i, std::uint64_t size) const {
        return build_.image.word(object + field(list).offset).value() + i * size;
    }
    std::uint64_t guest(std::uint64_t i) const { return member(root(), "Description.guests", i, field("Guest").size); }
    /// Returns the address of row `i` of the guest's emulated devices: the controller, then the UART.
    std::uint64_t device(std::uint64_t of, std::uint64_t i) const {
        return member(guest(of), "Guest.devices", i, field("VirtualDevice").size);
    }
    std::uint64_t board() const { return root() + field("Description.board").offset; }

    std::vector<std::string> mismatches() const {
        std::vector<std::string> texts;
        for (const auto& mismatch : judge_constants(build_.image, build_.asked, report_.harts)) {
            texts.push_back(text_of(mismatch));
        }
        return texts;
    }

    bool is_found() const {
        try {
            return !mismatches().empty();
        } catch (const Error&) {
            return true;
        }
    }

    /// Expects that the auditor notices each bit of the number that is turned over.
    void expect_every_bit_is_found(std::uint64_t address, std::uint64_t size, const std::string& what) {
        for (unsigned bit = 0; bit < 8 * size; ++bit) {
            flip(address, bit);
            EXPECT_TRUE(is_found()) << what << ", bit " << bit;
            flip(address, bit);
        }
    }
    void expect_every_bit_is_found(std::uint64_t object, std::initializer_list<const char*> names) {
        for (const auto* name : names) {
            expect_every_bit_is_found(object + field(name).offset, field(name).size, name);
        }
    }

    void flip(std::uint64_t address, unsigned bit) { audit::flip(build_.image, address + bit / 8, bit % 8); }

    Build build_;
    Fields fields_ = read_fields(build_.image);
    Report report_;
};

TEST_F(Constants, OfABuildAreAsAsked) {
    EXPECT_THAT(mismatches(), IsEmpty());
    const auto constants = read_constants(build_.image);
    EXPECT_EQ(constants.harts.size(), 4u);
    EXPECT_EQ(constants.guests.size(), 2u);
    EXPECT_EQ(constants.guests.at(0).windows.size(), 4u);
    EXPECT_FALSE(constants.guests.at(0).sources.empty());
    EXPECT_FALSE(constants.guests.at(0).resets.empty());
    EXPECT_EQ(constants.guests.at(0).loads.size(), 3u);
}

TEST_F(Constants, GiveEachGuestItsWindowsAlone) {
    for (std::uint64_t i = 0; i < 2; ++i) {
        const auto count = build_.image.word(guest(i) + field("Guest.windows").offset + 8).value();
        ASSERT_GT(count, 2u);
        for (std::uint64_t w = 0; w < count; ++w) {
            const auto window = member(guest(i), "Guest.windows", w, field("Window").size);
            expect_every_bit_is_found(window,
                                      {"Window.at", "Window.to", "Window.size", "Window.rights", "Window.kind"});
        }
    }
    EXPECT_THAT(mismatches(), IsEmpty());
}

TEST_F(Constants, MissNoWindow) {
    flip(guest(0) + field("Guest.windows").offset + 8, 0);
    EXPECT_TRUE(is_found());
}

TEST_F(Constants, GiveEachGuestItsHartsAlone) {
    for (std::uint64_t i = 0; i < 2; ++i) {
        for (std::uint64_t h = 0; h < 2; ++h) {
            expect_every_bit_is_found(member(guest(i), "Guest.harts", h, 4), 4, "Guest.harts");
        }
    }
    // Two harts of a guest change places.
    flip(member(guest(0), "Guest.harts", 0, 4), 0);
    flip(member(guest(0), "Guest.harts", 1, 4), 0);
    EXPECT_THAT(mismatches(), Contains(HasSubstr("its harts are not those that were asked for, in their order")));
}

TEST_F(Constants, NameTheHartsAsTheBoardDoes) {
    for (std::uint64_t h = 0; h < 4; ++h) {
        const auto hart = member(board(), "Board.harts", h, field("Hart").size);
        expect_every_bit_is_found(hart, {"Hart.id", "Hart.imsic_index"});
    }
}

TEST_F(Constants, GiveEachGuestTheSourcesOfItsDevices) {
    const auto source = member(guest(0), "Guest.sources", 0, field("Source").size);
    expect_every_bit_is_found(source, {"Source.number", "Source.mode"});
    flip(guest(0) + field("Guest.sources").offset + 8, 0);
    EXPECT_THAT(mismatches(), Contains(HasSubstr("its interrupt sources are not those of its devices")));
}

TEST_F(Constants, KeepTheBoardsDevices) {
    const auto at = [&](const char* part) { return board() + field(part).offset; };
    expect_every_bit_is_found(at("Board.console"), {"Board::Console.base", "Board::Console.size",
                                                    "Board::Console.source", "Board::Console.mode"});
    expect_every_bit_is_found(at("Board.aplic"), {"Aplic.base", "Aplic.size"});
    expect_every_bit_is_found(at("Board.plic"), {"Plic.size"});
    expect_every_bit_is_found(at("Board.imsic"), {"Imsic.base", "Imsic.guest_index_bits"});
}

TEST_F(Constants, GiveEachHartTheVCpuOfItsGuest) {
    const auto owners = build_.image.symbol("_ZN7mullion3run6ownersE").address;
    const auto vcpus = build_.image.symbol("_ZN7mullion3run5vcpusE").address;
    for (std::uint64_t i = 0; i < 4; ++i) {
        expect_every_bit_is_found(owners + 8 * i, 8, "owners");
        const auto vcpu = vcpus + i * field("VCpu").size;
        expect_every_bit_is_found(vcpu + field("VCpu.siblings").offset, 8, "VCpu.siblings");
        expect_every_bit_is_found(vcpu, {"VCpu.guest", "VCpu.index", "VCpu.hart"});
    }
}

TEST_F(Constants, EmulateDevicesWhereTheGuestHasNothing) {
    for (std::uint64_t i = 0; i < 2; ++i) {
        for (std::uint64_t row = 0; row < 2; ++row) {
            expect_every_bit_is_found(device(i, row),
                                      {"VirtualDevice.kind", "VirtualDevice.base", "VirtualDevice.size"});
        }
        flip(guest(i) + field("Guest.devices").offset + 8, 0);
        EXPECT_TRUE(is_found()) << "one more";
        flip(guest(i) + field("Guest.devices").offset + 8, 0);
        flip(guest(i) + field("Guest.devices").offset + 8, 1);
        EXPECT_TRUE(is_found()) << "none";
        flip(guest(i) + field("Guest.devices").offset + 8, 1);
    }
}

TEST_F(Constants, GiveNoEmulatedDeviceASourceThatIsGranted) {
    const auto granted = member(guest(0), "Guest.sources", 0, field("Source").size) + field("Source.number").offset;
    const auto uart = device(0, 1) + field("VirtualDevice.source").offset;
    const auto number = build_.image.constant(granted, 4, "");
    ASSERT_EQ(build_.image.constant(uart, 4, "") ^ number, 1u);
    flip(uart, 0);
    EXPECT_THAT(mismatches(), Contains(HasSubstr(fmt::format("its emulated UART has source {}", number))));
}

TEST_F(Constants, StartGuestsInTheirMemory) {
    for (const auto* name : {"Guest.entry", "Guest.tree"}) {
        flip(guest(1) + field(name).offset, 31);
        EXPECT_THAT(mismatches(), Contains(HasSubstr("outside its memory"))) << name;
        flip(guest(1) + field(name).offset, 31);
    }
    const auto load = member(guest(1), "Guest.loads", 0, field("Load").size);
    for (const auto& [name, bit] : {std::pair{"Load.to", 31u},
                                    {"Load.size", 30u},
                                    {"Load.offset", 0u},
                                    {"Load.image", 4u},
                                    {"Load.size", 63u},
                                    {"Load.to", 63u}}) {
        flip(load + field(name).offset, bit);
        EXPECT_THAT(mismatches(), Contains(HasSubstr("are copied to"))) << name;
        flip(load + field(name).offset, bit);
    }
}

TEST_F(Constants, PutASeedWhereTheGuestsTreeHasRoomForIt) {
    for (std::uint64_t i = 0; i < 2; ++i) {
        expect_every_bit_is_found(guest(i) + field("Guest.seed").offset, {"SeedPlace.at", "SeedPlace.name"});
    }
    EXPECT_THAT(mismatches(), IsEmpty());
    const auto seed = guest(1) + field("Guest.seed").offset + field("SeedPlace.at").offset;
    flip(seed, 2);
    EXPECT_THAT(mismatches(), Contains(HasSubstr("no room in /chosen")));
    flip(seed, 2);
    flip(guest(1) + field("Guest.seed").offset + field("SeedPlace.name").offset, 0);
    EXPECT_THAT(mismatches(), Contains(HasSubstr("another name than rng-seed")));
}

TEST_F(Constants, ResetTheGuestsOwnDevicesAlone) {
    const auto reset = member(guest(0), "Guest.resets", 0, field("DeviceReset").size);
    for (unsigned bit = 12; bit < 64; ++bit) {
        flip(reset + field("DeviceReset.at").offset, bit);
        EXPECT_THAT(mismatches(), Contains(HasSubstr("none of its devices"))) << bit;
        flip(reset + field("DeviceReset.at").offset, bit);
    }
}

class ConstantsWithFunctions : public Constants {
 protected:
    ConstantsWithFunctions() : Constants("qemu-iommu", "two-disks.disks") {}
};

TEST_F(ConstantsWithFunctions, GiveEachGuestTheFunctionsThatItAskedFor) {
    EXPECT_THAT(mismatches(), IsEmpty());
    for (std::uint64_t i = 0; i < 2; ++i) {
        const auto count = build_.image.word(guest(i) + field("Guest.functions").offset + 8).value();
        ASSERT_EQ(count, 2u);
        for (std::uint64_t n = 0; n < count; ++n) {
            const auto function = member(guest(i), "Guest.functions", n, field("PciFunction").size);
            expect_every_bit_is_found(function, {"PciFunction.number", "PciFunction.device_id"});
            for (std::uint64_t bar = 0; bar < 6; ++bar) {
                const auto at = function + field("PciFunction.bars").offset + bar * field("PciBar").size;
                // The place of a BAR that does not exist means nothing.
                if (build_.image.constant(at + field("PciBar.size").offset, 8, "") != 0) {
                    expect_every_bit_is_found(at, {"PciBar.base"});
                }
                expect_every_bit_is_found(at, {"PciBar.size"});
            }
        }
        // Fewer functions are found, too.
        expect_every_bit_is_found(guest(i) + field("Guest.functions").offset + 8, 8, "the number of functions");
    }
}

TEST_F(Constants, AllowDmaOnlyWhereThePartitionDoes) {
    flip(guest(0) + field("Guest.unprotected_dma").offset, 0);
    EXPECT_THAT(mismatches(), Contains(HasSubstr("unprotected_dma")));
    build_.asked.guests.at(0).dma_allowed = true;
    EXPECT_THAT(mismatches(), IsEmpty());
}

TEST_F(Constants, AreAPartOfTheAudit) {
    flip(guest(0) + field("Guest.sources").offset + 8, 0);
    EXPECT_FALSE(audit(build_.image, build_.asked).mismatches.empty());
}

TEST_F(Constants, OfAnotherReleaseAreRefused) {
    auto fields = build_.image.fields;
    build_.image.fields.clear();
    EXPECT_THROW(mismatches(), Error);
    fields.erase(fields.begin(), fields.begin() + 32);
    build_.image.fields = fields;
    EXPECT_THROW(mismatches(), Error) << "without the first row";
}

TEST_F(Constants, ThatCouldBeWrittenAreRefused) {
    for (auto& segment : build_.image.segments) {
        segment.rights |= segment.rights == readable ? writable : 0;
    }
    EXPECT_THROW(mismatches(), Error);
}

/// Changes the constants of boards without an IMSIC.
class ConstantsWithout : public Constants, public ::testing::WithParamInterface<const char*> {
 protected:
    ConstantsWithout() : Constants(GetParam()) {}
};

TEST_P(ConstantsWithout, AnImsicNameEachHartsContext) {
    EXPECT_THAT(mismatches(), IsEmpty());
    for (std::uint64_t h = 0; h < 4; ++h) {
        expect_every_bit_is_found(member(board(), "Board.harts", h, field("Hart").size), {"Hart.context"});
    }
    const bool is_plic = build_.asked.controller.name == "plic";
    const auto controller = board() + field(is_plic ? "Board.plic" : "Board.aplic").offset;
    expect_every_bit_is_found(controller, {is_plic ? "Plic.base" : "Aplic.base", is_plic ? "Plic.size" : "Aplic.size"});
    const auto source = member(guest(0), "Guest.sources", 0, field("Source").size);
    expect_every_bit_is_found(source, {"Source.number", "Source.mode"});
}

INSTANTIATE_TEST_SUITE_P(Platform, ConstantsWithout, ::testing::Values("qemu-plic", "qemu-aplic"));

}  // namespace
}  // namespace mullion::audit
