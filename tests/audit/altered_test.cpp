// SPDX-License-Identifier: Apache-2.0
// Makes tens of thousands of random alterations of the tables that the compiler computes for
// tests/proof/description.hpp. Where an MMU (mmu.hpp, which knows nothing of builder and proof) is led elsewhere or
// gets another right, the proof must fail.
#include "../proof/altered.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include "fixture.hpp"
#include "mmu.hpp"

namespace mullion::audit {
namespace {

constexpr auto& d = altered::d;
constexpr auto& l = altered::l;
constexpr std::size_t harts = 4;
constexpr std::uint64_t ppn_mask = (std::uint64_t{1} << 44) - 1;

// Behind the tables are two more, empty: an alteration may lead there.
constexpr std::size_t spare = 2;
constexpr std::size_t words1 = altered::stage1.size() + spare * 512;
constexpr std::size_t words2 = altered::stage2.size() + spare * 512;

/// Returns the root that a hart selects by writing `value` to satp or hgatp, nothing if it selects none.
std::optional<Root> root_of(Stage stage, std::uint64_t value) {
    const auto mode = value >> 60;
    if (mode < 8 || mode > (stage == Stage::guest ? 10 : 8)) {
        return std::nullopt;
    }
    return Root{stage, (value & ppn_mask) * page_size, static_cast<unsigned>(mode) - 5};
}

/// Stands for an address whose walk reads a certain entry.
struct Way {
    std::size_t hart = 0;
    std::uint64_t at = 0;
    unsigned level = 0;
};

/// Has one stage's tables with what leads to them.
template <std::size_t Words>
class Tables {
 public:
    Tables(Stage of, const std::array<std::uint64_t, Words>& contents, std::uint64_t address,
           const std::array<std::uint64_t, harts>& registers)
        : stage(of), base(address), words(contents), values(registers), ways(Words) {
        image_.segments.push_back({{base, Words * 8}, readable, std::vector<std::uint8_t>(Words * 8)});
        for (std::size_t i = 0; i < Words; ++i) {
            poke(image_, base + i * 8, words[i]);
            if (words[i] != 0) {
                used.push_back(i);
            }
        }
        for (std::size_t hart = 0; hart < harts; ++hart) {
            const auto root = root_of(stage, values[hart]).value();
            find_ways(hart, (root.table - base) / 8, stage == Stage::guest ? 2048 : 512, root.levels - 1, 0);
        }
    }

    void set(std::size_t i, std::uint64_t word) {
        words[i] = word;
        poke(image_, base + i * 8, word);
    }

    /// Returns where the MMU is led, for each kind of access.
    std::array<std::optional<std::uint64_t>, 3> reached(std::size_t hart, std::uint64_t at) const {
        const auto root = root_of(stage, values[hart]);
        std::array<std::optional<std::uint64_t>, 3> reached;
        if (root) {
            reached = {translate(image_, *root, at, readable), translate(image_, *root, at, writable),
                       translate(image_, *root, at, executable)};
        }
        return reached;
    }

    Stage stage;
    std::uint64_t base;
    std::array<std::uint64_t, Words> words;
    std::array<std::uint64_t, harts> values;  ///< of satp or hgatp
    std::vector<std::vector<Way>> ways;       ///< of each entry
    std::vector<std::size_t> used;            ///< entries that are not zero

 private:
    void find_ways(std::size_t hart, std::size_t table, std::size_t entries, unsigned level, std::uint64_t at) {
        for (std::size_t i = 0; i < entries; ++i) {
            auto here = at | std::uint64_t{i} << (12 + 9 * level);
            if (stage == Stage::hypervisor && (here >> 38 & 1) != 0) {
                here |= ~std::uint64_t{0} << 39;
            }
            ways[table + i].push_back({hart, here, level});
            const auto word = words[table + i];
            if ((word & 0xf) == 1) {
                find_ways(hart, ((word >> 10) * page_size - base) / 8, 512, level - 1, here);
            }
        }
    }

    Image image_;
};

/// Makes one kind of change after the other, each undone before the next.
template <std::size_t Words>
class Altering {
 public:
    explicit Altering(const Tables<Words>& tables) : tables_(tables), sound_(tables) {}

    struct Tally {
        unsigned changed = 0;    ///< the MMU is led elsewhere
        unsigned accepted = 0;   ///< the proof holds
        unsigned unnoticed = 0;  ///< both
    };

    template <class Proof>
    Tally run(unsigned rounds, Proof proof) {
        Tally tally;
        for (unsigned round = 0; round < rounds; ++round) {
            alter();
            const bool holds = proof(tables_.words, tables_.values);
            const bool changed = holds ? differs_anywhere() || differs() : differs();
            tally.changed += changed ? 1 : 0;
            tally.accepted += holds ? 1 : 0;
            tally.unnoticed += changed && holds ? 1 : 0;
            EXPECT_FALSE(changed && holds) << "round " << round << ", " << kind_;
            undo();
        }
        return tally;
    }

 private:
    std::size_t below(std::size_t n) { return random_() % n; }
    std::size_t any_used() { return tables_.used[below(tables_.used.size())]; }

    void set(std::size_t i, std::uint64_t word) {
        touched_.push_back(i);
        tables_.set(i, word);
    }

    void alter() {
        const auto i = any_used();
        const auto word = tables_.words[i];
        switch (kind_ = below(10)) {
            case 0:
                return set(i, word ^ std::uint64_t{1} << below(64));
            case 1:
                return set(i, word ^ std::uint64_t{1} << below(64) ^ std::uint64_t{1} << below(64));
            case 2:
                return exchange(i, i / 512 * 512 + below(512));
            case 3:
                return exchange(i, any_used());
            case 4:
                return set(below(Words - spare * 512), word);
            case 5:
                return set(i, 0);
            case 6:  // the page before or behind, for a leaf of any size
                return set(i, word + ((random_() & 1) != 0 ? std::uint64_t{1} : ~std::uint64_t{0}) *
                                         (std::uint64_t{0x400} << (9 * below(3))));
            case 7:
                return replace_by_table(i);
            case 8:
                return set(below(Words - spare * 512), leaf());
            default:
                return alter_register();
        }
    }

    void exchange(std::size_t i, std::size_t k) {
        const auto word = tables_.words[i];
        set(i, tables_.words[k]);
        set(k, word);
    }

    /// Replaces an entry by a table: of smaller leaves for a leaf, a copy for a table; in half of the cases with one
    /// entry changed.
    void replace_by_table(std::size_t i) {
        const auto word = tables_.words[i];
        const auto table = Words - 512 * (1 + below(spare));
        const auto level = tables_.ways[i].empty() ? 0 : tables_.ways[i].front().level;
        if (level == 0) {
            return set(i, (tables_.base + table * 8) / page_size << 10 | 1);
        }
        const bool is_leaf = (word & 0xe) != 0;
        for (std::size_t k = 0; k < 512; ++k) {
            set(table + k, is_leaf ? word + (std::uint64_t{k} << (10 + 9 * (level - 1)))
                                   : tables_.words[((word >> 10) * page_size - tables_.base) / 8 + k]);
        }
        set(i, (tables_.base + table * 8) / page_size << 10 | 1);
        odd_ = below(512);
        if ((random_() & 1) != 0) {
            set(table + odd_, tables_.words[table + odd_] ^ std::uint64_t{1} << below(64));
        }
    }

    /// Returns a sound leaf that leads somewhere that matters.
    std::uint64_t leaf() {
        const std::array<std::uint64_t, 7> places{0x9000'0000,        0x9400'0000,       0x1'0000'0000,
                                                  0x2800'3000,        l.text.base.value, l.stage2.base.value,
                                                  l.stacks.base.value};
        const std::uint64_t bits = tables_.stage == Stage::guest ? 0xd3 : 0xc3;
        return places[below(places.size())] / page_size << 10 | bits | (random_() & 0xc);
    }

    void alter_register() {
        const auto hart = below(harts);
        auto& value = tables_.values[hart];
        switch (below(3)) {
            case 0:
                value ^= std::uint64_t{1} << below(64);
                break;
            case 1:
                value = tables_.values[below(harts)];
                break;
            default:
                value += below(16) - 8;
                break;
        }
    }

    bool differs_at(std::size_t hart, std::uint64_t at) const {
        return tables_.reached(hart, at) != sound_.reached(hart, at);
    }

    /// Returns whether an address whose walk reads what was altered is translated differently.
    bool differs() {
        for (std::size_t hart = 0; hart < harts; ++hart) {
            // Translations are cached under the ASID or VMID. Above VMID, the mask has two reserved bits of hgatp.
            constexpr auto tag = std::uint64_t{0xffff} << 44;
            if ((tables_.values[hart] ^ sound_.values[hart]) & tag) {
                return true;
            }
            if (tables_.values[hart] != sound_.values[hart] && differs_for(hart)) {
                return true;
            }
        }
        for (const auto i : touched_) {
            for (const auto& way : sound_.ways[i]) {
                const auto pages = std::uint64_t{1} << (9 * way.level);
                const auto odd = odd_ * (pages / 512);
                for (const auto page : {std::uint64_t{0}, pages - 1, odd, random_() % pages, random_() % pages}) {
                    if (differs_at(way.hart, way.at + page * page_size + random_() % page_size)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /// Compares the first and the last page of what any entry maps.
    bool differs_for(std::size_t hart) const {
        for (const auto i : sound_.used) {
            for (const auto& way : sound_.ways[i]) {
                const auto last = (std::uint64_t{1} << (9 * way.level)) - 1;
                if (way.hart == hart && (differs_at(hart, way.at) || differs_at(hart, way.at + last * page_size))) {
                    return true;
                }
            }
        }
        return false;
    }
    bool differs_anywhere() const {
        for (std::size_t hart = 0; hart < harts; ++hart) {
            if (differs_for(hart)) {
                return true;
            }
        }
        return false;
    }

    void undo() {
        for (const auto i : touched_) {
            tables_.set(i, sound_.words[i]);
        }
        touched_.clear();
        tables_.values = sound_.values;
        odd_ = 0;
    }

    Tables<Words> tables_;
    const Tables<Words> sound_;
    std::mt19937_64 random_{20260101};
    std::vector<std::size_t> touched_;
    std::size_t kind_ = 0;
    std::size_t odd_ = 0;
};

constexpr unsigned rounds = 12000;

/// Expects that the proof refused all that means something, which is most; of the rest it must have accepted some.
template <class Tally>
void expect_all_seen(const Tally& tally) {
    EXPECT_EQ(tally.unnoticed, 0u);
    EXPECT_GT(tally.changed, rounds / 2);
    EXPECT_GT(tally.accepted, rounds / 200);
}

TEST(AlteredTables, OfGuestsAreRefusedWhereTheyMeanSomethingElse) {
    const Tables<words2> tables{Stage::guest, build_stage2<words2>(d, l), l.stage2.base.value, altered::hgatp};
    Altering<words2> altering{tables};
    expect_all_seen(altering.run(rounds, [](const auto& words, const auto& values) {
        return proof::prove_stage2(d, l, words, values).holds();
    }));
}

TEST(AlteredTables, OfTheHypervisorAreRefusedWhereTheyMeanSomethingElse) {
    std::array<std::uint64_t, harts> satp{};
    for (std::size_t hart = 0; hart < harts; ++hart) {
        satp[hart] = altered::rows[hart].satp;
    }
    const Tables<words1> tables{Stage::hypervisor, build_stage1<words1>(d, l), l.stage1.base.value, satp};
    Altering<words1> altering{tables};
    expect_all_seen(altering.run(rounds, [](const auto& words, const auto& values) {
        auto rows = altered::rows;
        for (std::size_t hart = 0; hart < harts; ++hart) {
            rows[hart].satp = values[hart];
        }
        return proof::prove_stage1<proof::own_limit(d)>(d, l, words, rows).holds();
    }));
}

}  // namespace
}  // namespace mullion::audit
