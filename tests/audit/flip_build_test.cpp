// SPDX-License-Identifier: Apache-2.0
// Turns over single bits of the tables of real builds: the auditor must find each that changes what a table means.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "audit.hpp"
#include "fixture.hpp"
#include "registers.hpp"

namespace mullion::audit {
namespace {

/// Stands for a table entry that some hart's walk reads, found by following valid pointers.
struct Slot {
    Stage stage = Stage::guest;
    bool valid = false;
};

/// What a leaf lets its harts do.
struct Reach {
    std::uint64_t at = 0;
    std::uint64_t to = 0;
    std::uint64_t size = 0;
    std::uint8_t rights = 0;

    bool operator==(const Reach&) const = default;
};

/// Returns whether turning a bit over changes what an entry means: privileged manual, "Sv39" (for the format, RSW, and
/// an entry that is not valid), "Guest Physical Address Translation" (G is ignored there), "Svpbmt", "Svnapot".
bool changes_meaning(const Slot& slot, unsigned bit) {
    if (!slot.valid) {
        return bit == 0;  // V; the others are free for software while it is clear
    }
    switch (bit) {
        case 5:  // G
            return slot.stage == Stage::hypervisor;
        case 8:  // RSW
        case 9:
            return false;
        default:  // V R W X U, A D, PPN, reserved, PBMT, N
            return true;
    }
}

class Flip : public ::testing::TestWithParam<const char*> {
 protected:
    void SetUp() override {
        build_ = load_build(GetParam());
        for (const auto& hart : read_registers(build_.image)) {
            collect(Stage::hypervisor, (hart.satp << 20) >> 8, 2, 512);
            if (hart.hgatp != 0) {
                collect(Stage::guest, (hart.hgatp << 20) >> 8, (hart.hgatp >> 60) - 6, 2048);
            }
        }
    }

    void collect(Stage stage, std::uint64_t table, std::uint64_t level, unsigned entries) {
        for (std::uint64_t address = table; address < table + entries * 8; address += 8) {
            const auto value = build_.image.word(address).value();
            slots_[address] = {stage, (value & 1) != 0};
            if ((value & 0xf) == 1 && level > 0) {
                collect(stage, (value << 10) >> 20 << 12, level - 1, 512);
            }
        }
    }

    /// Returns what every hart is sure to reach.
    static std::vector<Reach> sound_map(const Report& report) {
        std::vector<Reach> map;
        for (const auto& hart : report.harts) {
            for (const auto* tables : {&hart.g_stage, &hart.stage1}) {
                map.reserve(map.size() + tables->reached.size());
                for (const auto& leaf : tables->reached) {
                    if (leaf.sound) {
                        map.push_back({leaf.at, leaf.to, leaf.size, leaf.rights});
                    }
                }
            }
        }
        return map;
    }

    /// Turns the bit over, audits, and turns it back.
    void check(std::uint64_t address, unsigned bit, const std::vector<Reach>& before) {
        flip(build_.image, address, bit);
        const auto report = audit(build_.image, build_.asked);
        flip(build_.image, address, bit);
        SCOPED_TRACE(::testing::Message() << "bit " << bit << " of the entry at 0x" << std::hex << address);
        std::size_t found = 0;
        for (const auto& mismatch : report.mismatches) {
            found += mismatch.ignored_by_hardware ? 0 : 1;
        }
        const bool is_changed = sound_map(report) != before;
        EXPECT_FALSE(report.mismatches.empty());
        if (changes_meaning(slots_.at(address), bit)) {
            EXPECT_NE(found, 0u);
        } else {
            EXPECT_EQ(found, 0u);
            EXPECT_FALSE(is_changed);
        }
        if (is_changed) {
            ++changed_;
            EXPECT_NE(found, 0u);
        }
    }

    Build build_;
    std::map<std::uint64_t, Slot> slots_;
    std::size_t changed_ = 0;
};

TEST_P(Flip, LeavesNothingToFindUntouched) {
    const auto report = audit(build_.image, build_.asked);
    EXPECT_TRUE(report.mismatches.empty()) << text_of(report.mismatches.at(0));
    EXPECT_GT(sound_map(report).size(), 10u);
}

TEST_P(Flip, OfAnyBitInAValidEntryIsFound) {
    std::vector<std::uint64_t> valid;
    for (const auto& [address, slot] : slots_) {
        if (slot.valid) {
            valid.push_back(address);
        }
    }
    const auto before = sound_map(audit(build_.image, build_.asked));
    std::mt19937_64 random{20260101};
    for (int i = 0; i < 2000; ++i) {
        check(valid[random() % valid.size()], static_cast<unsigned>(random() % 64), before);
        ASSERT_FALSE(HasFailure());
    }
    // All bits mean something but RSW and, for guests, G; so most of those that were tried must have.
    EXPECT_GT(changed_, 1500u);
}

TEST_P(Flip, OfAnyBitInAnyEntryIsFound) {
    std::vector<std::uint64_t> all;
    for (const auto& [address, slot] : slots_) {
        all.push_back(address);
    }
    const auto before = sound_map(audit(build_.image, build_.asked));
    std::mt19937_64 random{20260102};
    for (int i = 0; i < 1000; ++i) {
        check(all[random() % all.size()], static_cast<unsigned>(random() % 64), before);
        ASSERT_FALSE(HasFailure());
    }
}

TEST_P(Flip, OfAnyBitInARegisterThatSelectsTablesIsFound) {
    const auto& image = build_.image;
    const auto rows = image.symbols.at("boot_harts").address;
    const auto values = image.word(image.symbols.at("_ZN7mullion5hgatpE").address).value();
    const auto count = read_registers(image).size();
    for (std::uint64_t hart = 0; hart < count; ++hart) {
        for (unsigned bit = 0; bit < 64; ++bit) {
            for (const auto address : {rows + hart * 16, rows + hart * 16 + 8, values + hart * 8}) {
                flip(build_.image, address, bit);
                bool found = false;
                try {
                    found = !audit(build_.image, build_.asked).mismatches.empty();
                } catch (const Error&) {
                    found = true;  // not one of the description's harts
                }
                flip(build_.image, address, bit);
                EXPECT_TRUE(found) << "hart " << hart << " bit " << bit << " at " << std::hex << address;
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Builds, Flip, ::testing::Values("one-probe", "two-linux", "channels"), [](const auto& build) {
    std::string name{build.param};
    std::erase(name, '-');
    return name;
});

}  // namespace
}  // namespace mullion::audit
