// SPDX-License-Identifier: Apache-2.0
#include "core/firmware_tree.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

namespace mullion::firmware_tree {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// Puts a tree together cell by cell.
class TreeOf {
 public:
    TreeOf& begin(const std::string& name) {
        cells_.insert(cells_.end(), {0, 0, 0, 1});
        return text(name);
    }
    TreeOf& end() {
        cells_.insert(cells_.end(), {0, 0, 0, 2});
        return *this;
    }
    TreeOf& nop() {
        cells_.insert(cells_.end(), {0, 0, 0, 4});
        return *this;
    }
    TreeOf& property(const std::string& name, const Bytes& value) {
        cells_.insert(cells_.end(), {0, 0, 0, 3});
        put(cells_, static_cast<std::uint32_t>(value.size()));
        put(cells_, static_cast<std::uint32_t>(strings_.size()));
        strings_ += name + '\0';
        cells_.insert(cells_.end(), value.begin(), value.end());
        cells_.resize((cells_.size() + 3) / 4 * 4);
        return *this;
    }
    TreeOf& reserve(const std::vector<std::uint32_t>& cells) {
        std::ranges::for_each(cells, [&](std::uint32_t cell) { put(reserved_, cell); });
        return *this;
    }
    Bytes bytes() const {
        auto structure = cells_;
        structure.insert(structure.end(), {0, 0, 0, 9});
        const auto start = 40 + reserved_.size() + 16;
        const auto size = start + structure.size() + strings_.size();
        Bytes all;
        for (const auto value : {std::size_t{0xd00dfeed}, size, start, start + structure.size(), std::size_t{40},
                                 std::size_t{17}, std::size_t{16}, std::size_t{0}, strings_.size(), structure.size()}) {
            put(all, static_cast<std::uint32_t>(value));
        }
        all.insert(all.end(), reserved_.begin(), reserved_.end());
        all.resize(start);
        all.insert(all.end(), structure.begin(), structure.end());
        all.insert(all.end(), strings_.begin(), strings_.end());
        return all;
    }

 private:
    static void put(Bytes& to, std::uint32_t value) {
        for (const int shift : {24, 16, 8, 0}) {
            to.push_back(static_cast<std::uint8_t>(value >> shift));
        }
    }
    TreeOf& text(const std::string& name) {
        cells_.insert(cells_.end(), name.begin(), name.end());
        cells_.push_back(0);
        cells_.resize((cells_.size() + 3) / 4 * 4);
        return *this;
    }

    Bytes cells_;
    Bytes reserved_;
    std::string strings_;
};

Bytes cells_of(const std::vector<std::uint32_t>& cells) {
    Bytes bytes;
    for (const auto cell : cells) {
        for (const int shift : {24, 16, 8, 0}) {
            bytes.push_back(static_cast<std::uint8_t>(cell >> shift));
        }
    }
    return bytes;
}

using Ranges = std::vector<HostRange>;

Ranges reserved_in(Bytes tree) {
    Ranges ranges;
    find_reserved(tree, [&](HostRange range) { ranges.push_back(range); });
    return ranges;
}

/// Makes a tree with a node below /reserved-memory, which has these #address-cells and #size-cells.
TreeOf with_reserved(std::uint32_t address_cells, std::uint32_t size_cells, const Bytes& reg) {
    TreeOf tree;
    tree.begin("").property("#size-cells", cells_of({2})).begin("reserved-memory");
    tree.property("#address-cells", cells_of({address_cells})).property("#size-cells", cells_of({size_cells}));
    tree.property("ranges", {}).begin("mmode_resv0@80000000").property("reg", reg).end().end().end();
    return tree;
}

Bytes seed_of(std::size_t size) {
    Bytes seed(size);
    std::iota(seed.begin(), seed.end(), std::uint8_t{7});
    return seed;
}

TreeOf with_seed(const Bytes& seed) {
    TreeOf tree;
    tree.begin("").property("compatible", {'a', 0}).begin("chosen").property("stdout-path", {'b', 0});
    tree.property("rng-seed", seed).end().begin("soc").end().end();
    return tree;
}

bool holds(const Bytes& tree, const Bytes& part) {
    return std::ranges::search(tree, part).begin() != tree.end();
}

TEST(FirmwareTree, TakesTheDigestOfTheSeed) {
    for (const std::size_t size : {32U, 33U, 48U, 64U, 100U}) {
        const auto seed = seed_of(size);
        auto tree = with_seed(seed).bytes();
        EXPECT_EQ(take_seed(tree), sha256_of(seed)) << size;
    }
}

TEST(FirmwareTree, LeavesNothingOfTheSeedAndNoOther) {
    const auto seed = seed_of(32);
    auto tree = with_seed(seed).bytes();
    const auto before = tree;
    EXPECT_TRUE(take_seed(tree));
    EXPECT_FALSE(holds(tree, Bytes(seed.begin(), seed.begin() + 4)));
    EXPECT_EQ(take_seed(tree), std::nullopt);
    // What is left is the tree as it would be without it.
    auto expected = before;
    const auto at = std::ranges::search(expected, seed).begin() - 12;
    for (auto word = at; word != at + 12 + 32; word += 4) {
        std::ranges::copy(Bytes{0, 0, 0, 4}, word);
    }
    EXPECT_EQ(tree, expected);
}

TEST(FirmwareTree, AShortSeedIsNone) {
    const auto seed = seed_of(31);
    auto tree = with_seed(seed).bytes();
    EXPECT_EQ(take_seed(tree), std::nullopt);
    EXPECT_FALSE(holds(tree, seed)) << "it is gone all the same";
    auto empty = with_seed({}).bytes();
    EXPECT_EQ(take_seed(empty), std::nullopt);
}

TEST(FirmwareTree, LooksInChosenAlone) {
    const auto seed = seed_of(32);
    const auto nowhere = [&](TreeOf& tree) {
        auto bytes = tree.bytes();
        const auto before = bytes;
        EXPECT_EQ(take_seed(bytes), std::nullopt);
        EXPECT_EQ(bytes, before);
    };
    TreeOf at_the_root;
    nowhere(at_the_root.begin("").property("rng-seed", seed).begin("chosen").end().end());
    TreeOf below;
    nowhere(below.begin("").begin("chosen").begin("a").property("rng-seed", seed).end().end().end());
    TreeOf deeper;
    nowhere(deeper.begin("").begin("soc").begin("chosen").property("rng-seed", seed).end().end().end());
    TreeOf behind;
    nowhere(behind.begin("").begin("chosen").end().property("rng-seed", seed).end());
    TreeOf alike;
    nowhere(alike.begin("").begin("chosen@0").property("rng-seed", seed).end().end());
    TreeOf other_name;
    nowhere(other_name.begin("").begin("chosen").property("rng-seeds", seed).property("ng-seed", seed).end().end());
    TreeOf second_tree;
    nowhere(second_tree.begin("").end().begin("").begin("chosen").property("rng-seed", seed).end().end());
}

TEST(FirmwareTree, PassesNops) {
    TreeOf tree;
    tree.nop().begin("").nop().begin("chosen").nop().property("rng-seed", seed_of(32)).nop().end().end();
    auto bytes = tree.bytes();
    EXPECT_TRUE(take_seed(bytes));
}

TEST(FirmwareTree, TellsOfReservationsInItsHead) {
    TreeOf tree;
    tree.reserve({0, 0x8000'0000, 0, 0x4'0000, 2, 0x10, 1, 0x20}).begin("").end();
    EXPECT_EQ(reserved_in(tree.bytes()), (Ranges{{{0x8000'0000}, 0x4'0000}, {{0x2'0000'0010}, 0x1'0000'0020}}));
    TreeOf none;
    none.begin("").end();
    EXPECT_EQ(reserved_in(none.bytes()), Ranges{});
    TreeOf around;  // the end of all addresses
    around.reserve({~0U, ~0U, 0, 0x1000}).begin("").end();
    EXPECT_EQ(reserved_in(around.bytes()), (Ranges{{{~std::uint64_t{0}}, 0}}));
}

TEST(FirmwareTree, TellsOfReservedMemory) {
    const Ranges two{{{0x8000'0000}, 0x1000}, {{0x9000'0000}, 0x2000}};
    EXPECT_EQ(
        reserved_in(with_reserved(2, 2, cells_of({0, 0x8000'0000, 0, 0x1000, 0, 0x9000'0000, 0, 0x2000})).bytes()),
        two);
    EXPECT_EQ(reserved_in(with_reserved(2, 1, cells_of({0, 0x8000'0000, 0x1000, 0, 0x9000'0000, 0x2000})).bytes()),
              two);
    EXPECT_EQ(reserved_in(with_reserved(1, 1, cells_of({0x8000'0000, 0x1000, 0x9000'0000, 0x2000})).bytes()), two);
    // A node without these properties has 2 and 1 cells.
    TreeOf silent;
    silent.begin("").begin("reserved-memory").begin("a").property("reg", cells_of({0, 0x8000'0000, 0x1000})).end();
    silent.begin("b").property("no-map", {}).property("reg", cells_of({0, 0x9000'0000, 0x2000})).end().end().end();
    EXPECT_EQ(reserved_in(silent.bytes()), two);
}

TEST(FirmwareTree, TellsOfReservedMemoryBehindNodesWithChildren) {
    TreeOf tree;
    tree.begin("").begin("reserved-memory").begin("a").property("reg", cells_of({0, 0x8000'0000, 0x1000}));
    tree.begin("layout").begin("cell").property("reg", cells_of({0, 0x10, 4})).end().end().end();
    tree.begin("b").property("reg", cells_of({0, 0x9000'0000, 0x2000})).end().end();
    tree.begin("chosen").begin("a").property("reg", cells_of({0, 0xa000'0000, 0x1000})).end().end().end();
    EXPECT_EQ(reserved_in(tree.bytes()), (Ranges{{{0x8000'0000}, 0x1000}, {{0x9000'0000}, 0x2000}}));
}

/// Boot loaders reserve the tree with room to grow. A range that begins before the tree may be the firmware's, which
/// has the tree in it.
TEST(FirmwareTree, ReservesItselfFromItsOwnPageOn) {
    constexpr Hpa tree{0x8220'0040};
    EXPECT_TRUE(is_trees_own({tree, 0x1800}, tree));
    EXPECT_TRUE(is_trees_own({{0x8220'0000}, 0x20'0000}, tree));
    EXPECT_FALSE(is_trees_own({{0x821f'f000}, 0x4000}, tree));
    EXPECT_FALSE(is_trees_own({{0x8220'0041}, 0x1000}, tree));
    EXPECT_FALSE(is_trees_own({tree, 0x20'0001}, tree));
}

TEST(FirmwareTree, TellsOfNothingElse) {
    const auto reg = cells_of({0, 0x8000'0000, 0x1000});
    TreeOf elsewhere;
    elsewhere.begin("").begin("memory").property("reg", reg).end().begin("reserved-memory").property("reg", reg);
    elsewhere.begin("pool").property("size", cells_of({0x1000})).begin("part").property("reg", reg).end().end().end();
    elsewhere.begin("soc").begin("a").property("reg", reg).end().end().end();
    EXPECT_EQ(reserved_in(elsewhere.bytes()), Ranges{});
    // Cells that no address has, and a value that ends within an entry.
    EXPECT_EQ(reserved_in(with_reserved(3, 2, Bytes(40, 1)).bytes()), Ranges{});
    EXPECT_EQ(reserved_in(with_reserved(2, ~0U, Bytes(40, 1)).bytes()), Ranges{});
    EXPECT_EQ(reserved_in(with_reserved(0, 0, Bytes(40, 1)).bytes()), Ranges{});
    EXPECT_EQ(reserved_in(with_reserved(1, 1, Bytes(7, 1)).bytes()), Ranges{});
}

TEST(FirmwareTree, RefusesWhatIsNoTree) {
    Bytes nothing;
    EXPECT_EQ(take_seed(nothing), std::nullopt);
    Bytes zeros(4096);
    EXPECT_EQ(take_seed(zeros), std::nullopt);
    const auto sound = with_seed(seed_of(32)).bytes();
    for (const std::size_t at : {0U, 3U, 5U, 26U}) {  // magic, totalsize, the version that can be read
        auto tree = sound;
        tree[at] ^= 0x10;
        const auto before = tree;
        EXPECT_EQ(take_seed(tree), std::nullopt) << at;
        EXPECT_EQ(tree, before);
    }
}

/// Cuts the tree off at each byte, and alters each: nothing else is touched than its bytes (AddressSanitizer looks).
TEST(FirmwareTree, SurvivesEveryTruncationAndEveryByte) {
    TreeOf whole;
    whole.reserve({0, 0x8000'0000, 0, 0x1000}).begin("").begin("reserved-memory").begin("a");
    whole.property("reg", cells_of({0, 1, 2}))
        .end()
        .end()
        .begin("chosen")
        .property("rng-seed", seed_of(32))
        .end()
        .end();
    const auto sound = whole.bytes();
    for (std::size_t size = 0; size < sound.size(); ++size) {
        Bytes tree(sound.begin(), sound.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_EQ(take_seed(tree), std::nullopt) << size;
        EXPECT_EQ(reserved_in(tree), Ranges{}) << size;
    }
    for (std::size_t at = 0; at < sound.size(); ++at) {
        for (const int value : {0x00, 0x01, 0x7f, 0x80, 0xff}) {
            auto tree = sound;
            tree[at] = static_cast<std::uint8_t>(value);
            reserved_in(tree);
            take_seed(tree);
        }
    }
}

}  // namespace
}  // namespace mullion::firmware_tree
