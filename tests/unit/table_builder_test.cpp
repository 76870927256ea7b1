// SPDX-License-Identifier: Apache-2.0
#include "core/table_builder.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <optional>
#include <random>
#include <vector>

namespace mullion {
namespace {

constexpr Hpa base{0x8400'0000};
constexpr std::uint64_t bits = pte::V | pte::R;

/// A tree of `levels` levels with a root of four pages at the start of the section.
class Tree {
 public:
    static constexpr std::size_t root_words = 4 * pte::entries;

    Tree(const std::vector<Mapping>& list, unsigned levels)
        : levels_(levels), words_(root_words + lower_tables(list, levels) * pte::entries) {
        TableBuilder(words_, base, root_words).map(0, levels, list);
    }

    struct Found {
        std::uint64_t entry;
        unsigned level;
    };
    std::optional<Found> find(std::uint64_t at) const {
        auto table = words_.data();
        for (unsigned level = levels_ - 1;; --level) {
            const auto index = at >> (12 + 9 * level);
            const auto entry = table[level == levels_ - 1 ? index : index % 512];
            if (entry == 0) {
                return std::nullopt;
            }
            if ((entry & 0xe) != 0) {
                return Found{entry, level};
            }
            table = words_.data() + ((entry >> 10 << 12) - base.value) / 8;
        }
    }
    std::optional<unsigned> level_at(std::uint64_t at) const {
        const auto found = find(at);
        return found ? std::optional(found->level) : std::nullopt;
    }
    std::optional<std::uint64_t> translate(std::uint64_t at) const {
        const auto found = find(at);
        if (!found) {
            return std::nullopt;
        }
        const auto size = std::uint64_t{1} << (12 + 9 * found->level);
        return (found->entry >> 10 << 12) + at % size;
    }
    const std::vector<std::uint64_t>& words() const { return words_; }
    std::size_t lower() const { return (words_.size() - root_words) / pte::entries; }

 private:
    unsigned levels_;
    std::vector<std::uint64_t> words_;
};

TEST(TableBuilder, UsesTheLargestLeavesThatFit) {
    const Tree tree({{gibi - 2 * mebi - 4096, gibi - 2 * mebi - 4096, 2 * gibi, bits}}, 3);
    EXPECT_EQ(tree.level_at(gibi - 2 * mebi - 8192), std::nullopt);
    EXPECT_EQ(tree.level_at(gibi - 2 * mebi - 4096), 0u);
    EXPECT_EQ(tree.level_at(gibi - 2 * mebi), 1u);
    EXPECT_EQ(tree.level_at(gibi), 2u);
    EXPECT_EQ(tree.level_at(3 * gibi - 6 * mebi), 1u);
    EXPECT_EQ(tree.level_at(3 * gibi - 2 * mebi - 8192), 0u);
    EXPECT_EQ(tree.level_at(3 * gibi - 2 * mebi - 4096), std::nullopt);
}

/// Maps two blocks, which large leaves cover, and two ends, which take a table each.
TEST(TableBuilder, CountsNoTableForWhatLargeLeavesCover) {
    const Tree tree({{gibi + 4096, 2 * gibi + 4096, 6 * mebi, bits}}, 3);
    EXPECT_EQ(tree.lower(), 3u);
    EXPECT_EQ(tree.level_at(gibi + 4096), 0u);
    EXPECT_EQ(tree.level_at(gibi + 2 * mebi), 1u);
    EXPECT_EQ(tree.level_at(gibi + 4 * mebi), 1u);
    EXPECT_EQ(tree.level_at(gibi + 6 * mebi), 0u);
}

TEST(TableBuilder, UsesSmallLeavesWhereTheTargetIsNotCongruent) {
    const Tree tree({{gibi, 2 * gibi + 2 * mebi, gibi, bits}, {4 * gibi, 4096, 4 * mebi, bits}}, 3);
    EXPECT_EQ(tree.level_at(gibi), 1u);
    EXPECT_EQ(tree.level_at(4 * gibi), 0u);
    EXPECT_EQ(tree.lower(), 4u);
}

TEST(TableBuilder, HasLeavesOf512GibiWithFourLevels) {
    const Tree tree({{1024 * gibi, 512 * gibi, 512 * gibi, bits}}, 4);
    EXPECT_EQ(tree.level_at(1024 * gibi), 3u);
    EXPECT_EQ(tree.lower(), 0u);
}

TEST(TableBuilder, ReachesTheEndOfTheWidenedRoot) {
    const auto last = (std::uint64_t{1} << 41) - 4096;
    const Tree tree({{last, 4096, 4096, bits}}, 3);
    EXPECT_EQ(tree.translate(last + 8), 4096u + 8);
    EXPECT_EQ(tree.lower(), 2u);
}

TEST(TableBuilder, MapsNothingForAnEmptyMapping) {
    const Tree tree({{gibi, gibi, 0, bits}}, 3);
    EXPECT_EQ(tree.lower(), 0u);
    EXPECT_EQ(std::ranges::count(tree.words(), 0u), std::ranges::ssize(tree.words()));
}

TEST(TableBuilder, CopiesEveryEntry) {
    std::vector<std::uint64_t> words(2 * pte::entries);
    std::iota(words.begin(), words.begin() + pte::entries, 1);
    TableBuilder(words, base, words.size()).copy(0, pte::entries, pte::entries);
    EXPECT_TRUE(std::equal(words.begin(), words.begin() + pte::entries, words.begin() + pte::entries));
}

TEST(TableBuilder, CopiesASharedTableBeforeItWrites) {
    const std::vector<Mapping> common{{0x1000, 0x1000, 0x1000, bits}, {gibi, gibi, 0x1000, bits}};
    const std::vector<Mapping> own{{0x5000, 0x5000, 0x1000, bits}};
    const auto roots = 2 * pte::entries;
    std::vector<std::uint64_t> words(roots + 10 * pte::entries);
    TableBuilder builder(words, base, roots);
    builder.map(0, 3, common);
    const auto first = words;
    builder.copy(0, pte::entries, pte::entries);
    builder.begin_tree();
    builder.map(pte::entries, 3, own);
    EXPECT_TRUE(std::equal(first.begin(), first.begin() + pte::entries, words.begin()));
    EXPECT_TRUE(std::equal(first.begin() + roots, first.begin() + roots + 4 * pte::entries, words.begin() + roots))
        << "the first tree and its tables are as they were";
    EXPECT_EQ(words[pte::entries + 1], words[1]) << "what the second tree does not change it shares";
    EXPECT_NE(words[pte::entries], words[0]);
    EXPECT_EQ(words.at(roots + 5 * pte::entries + 1), pte::make(0x1000, bits)) << "its copy has the common leaf";
    EXPECT_EQ(words.at(roots + 5 * pte::entries + 5), pte::make(0x5000, bits));
    EXPECT_EQ(words.at(roots + 6 * pte::entries), 0u) << "and takes two tables, not more";
}

/// Returns mappings in any order, with sizes and places for leaves of every level. A large one is aligned to 2 MiB at
/// least.
std::vector<Mapping> random_list(std::mt19937_64& random) {
    std::vector<Mapping> list;
    std::uint64_t at = 0;
    for (unsigned i = 0; i < 12; ++i) {
        const auto level = random() % 3;
        const auto unit = std::uint64_t{1} << (12 + 9 * level);
        const auto finest = level == 2 ? 2 * mebi : page_size;
        const auto alignment = random() % 2 == 0 ? unit : finest;
        at = align_up(at + random() % 3 * unit, alignment);
        const auto size = (1 + random() % 4) * unit + random() % 2 * page_size;
        list.push_back({at, align_up(random() % (64 * gibi), alignment), size, bits});
        at += size;
    }
    std::ranges::shuffle(list, random);
    return list;
}

TEST(TableBuilder, TakesExactlyTheTablesCountedBeforeAndMapsEveryBorder) {
    std::mt19937_64 random(1);
    for (unsigned round = 0; round < 100; ++round) {
        const auto list = random_list(random);
        const Tree tree(list, 3 + round % 3);
        for (const auto& m : list) {
            EXPECT_EQ(tree.translate(m.at), m.to);
            EXPECT_EQ(tree.translate(m.at + m.size - 1), m.to + m.size - 1);
        }
        for (std::size_t table = 0; table < tree.lower(); ++table) {
            const auto first = tree.words().begin() + static_cast<std::ptrdiff_t>(Tree::root_words + table * 512);
            EXPECT_NE(std::count(first, first + 512, 0u), 512) << "table " << table << " is not used";
        }
    }
}

}  // namespace
}  // namespace mullion
