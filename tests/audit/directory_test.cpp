// SPDX-License-Identifier: Apache-2.0
// Handmade device directories, and what alterations of single words are found as.
#include "directory.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "fixture.hpp"

namespace mullion::audit {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Pages of the image.
constexpr std::uint64_t constants = tables;  // roots, then rows of harts
constexpr std::uint64_t directory = tables + page_size;
constexpr std::uint64_t extended = directory;  // root, middle, two pages of contexts
constexpr std::uint64_t base = directory + 4 * page_size;
constexpr std::uint64_t end = base + 4 * page_size;

constexpr std::uint64_t hgatp_of_alpha = 0x8000'1000'0008'0100;
constexpr std::uint64_t hgatp_of_beta = 0x8000'2000'0008'0200;
constexpr std::uint64_t id_of_alpha = 0x10;
constexpr std::uint64_t id_of_beta = 0x100;  // in the next page of either format

class Directory : public ::testing::Test {
 protected:
    Directory() : image_(make_image(1 + 8)) {
        const auto row = constants + 0x40;
        const auto values = constants + 0x80;
        image_.symbols = {{"mullion_directory", {directory, 0}},
                          {"mullion_directory_size", {end - directory, 0}},
                          {"_ZN7mullion18device_directoriesE", {constants, 16}},
                          {"boot_harts", {row, 32}},
                          {"boot_hart_count", {constants + 0x20, 8}},
                          {"_ZN7mullion5hgatpE", {constants + 0x28, 16}}};
        poke(image_, constants, extended);
        poke(image_, constants + 8, base);
        poke(image_, constants + 0x20, 2);
        poke(image_, constants + 0x28, values);
        poke(image_, constants + 0x30, 2);
        poke(image_, row, 7);
        poke(image_, row + 16, 9);
        poke(image_, values, hgatp_of_alpha);
        poke(image_, values + 8, hgatp_of_beta);
        fill(extended, 6, 8);
        fill(base, 7, 4);
        asked_.iommu = NamedRange{"iommu", {0x301'0000, page_size}};
        asked_.guests = {guest("alpha", 7, id_of_alpha), guest("beta", 9, id_of_beta)};
    }

    static Guest guest(const std::string& name, std::uint64_t hart, std::uint64_t id) {
        Guest guest;
        guest.name = name;
        guest.harts = {hart};
        guest.functions = {{"card", id}};
        return guest;
    }

    /// Fills in a directory whose root and middle page are followed by the pages of contexts of both functions.
    void fill(std::uint64_t root, unsigned leaf_bits, std::uint64_t context_words) {
        const auto lead = [&](std::uint64_t from, std::uint64_t i, std::uint64_t to) {
            poke(image_, from + i * 8, to >> 2 | 1);
        };
        lead(root, 0, root + page_size);
        auto leaf = root + 2 * page_size;
        for (const auto& [id, hgatp] : {std::pair{id_of_alpha, hgatp_of_alpha}, {id_of_beta, hgatp_of_beta}}) {
            lead(root + page_size, id >> leaf_bits, leaf);
            const auto context = leaf + (id & ((1u << leaf_bits) - 1)) * context_words * 8;
            poke(image_, context, 1);
            poke(image_, context + 8, hgatp);
            leaf += page_size;
        }
    }

    std::vector<std::string> findings() const {
        std::vector<std::string> texts;
        for (const auto& mismatch : judge_directory(image_, asked_)) {
            texts.push_back(mismatch.where + ": " + mismatch.what);
        }
        return texts;
    }

    Image image_;
    Requirements asked_;
};

TEST_F(Directory, HasAContextForEachFunction) {
    EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(Directory, IsFoundToDifferByAnyBit) {
    // A context is of id 0x10; the other of each format is in the page after it.
    const std::vector<std::uint64_t> words{extended,
                                           extended + 8,
                                           extended + page_size,
                                           extended + page_size + 4 * 8,
                                           extended + 2 * page_size,
                                           extended + 2 * page_size + 0x10 * 64,
                                           extended + 2 * page_size + 0x10 * 64 + 8,
                                           extended + 2 * page_size + 0x10 * 64 + 56,
                                           base,
                                           base + page_size,
                                           base + page_size + 2 * 8,
                                           base + 2 * page_size + 0x10 * 32,
                                           base + 2 * page_size + 0x10 * 32 + 8,
                                           base + 2 * page_size + 0x10 * 32 + 24,
                                           end - 8};
    for (const auto word : words) {
        for (unsigned bit = 0; bit < 64; ++bit) {
            flip(image_, word, bit);
            EXPECT_FALSE(findings().empty()) << std::hex << "bit " << bit << " of the word at " << word;
            flip(image_, word, bit);
        }
    }
}

TEST_F(Directory, LacksAContext) {
    asked_.guests[1].functions.push_back({"disk", 0x101});
    EXPECT_THAT(findings(),
                ElementsAre("device directory, extended format: disk of beta, with device id 0x101, has no context",
                            "device directory, base format: disk of beta, with device id 0x101, has no context"));
}

TEST_F(Directory, HasAContextThatNobodyAskedFor) {
    asked_.guests[1].functions.clear();
    EXPECT_THAT(findings(), Contains("device directory, base format: the context of device id 0x100 is not zeros"));
}

TEST_F(Directory, HasAnothersTree) {
    std::swap(asked_.guests[0].functions, asked_.guests[1].functions);
    EXPECT_THAT(findings(),
                Contains(HasSubstr("the context of device id 0x10 is not what it must be for card of beta")));
}

TEST_F(Directory, HasOneIdOfTwo) {
    asked_.guests[1].functions[0].device_id = id_of_alpha;
    EXPECT_THAT(findings(), Contains(HasSubstr("card of beta has another's device id")));
}

TEST_F(Directory, LeadsToOnePageTwice) {
    poke(image_, extended + page_size + 5 * 8, (extended + 2 * page_size) >> 2 | 1);
    EXPECT_THAT(findings(), Contains(HasSubstr("leads to 0x80003000 twice")));
}

TEST_F(Directory, LeadsOutOfIt) {
    poke(image_, extended + page_size + 5 * 8, end >> 2 | 1);
    EXPECT_THAT(findings(), Contains(HasSubstr("which is no page of it")));
}

TEST_F(Directory, KnowsIdsOf24Bits) {
    // The root of the base format has 8 bits of an id.
    poke(image_, base, 0);
    poke(image_, base + 256 * 8, (base + page_size) >> 2 | 1);
    EXPECT_THAT(findings(), Contains(HasSubstr("entry 256 of the root is for ids of more than 24 bits")));
}

TEST_F(Directory, IsNotWhereTheHypervisorLooks) {
    poke(image_, constants, base);
    EXPECT_FALSE(findings().empty());
}

}  // namespace
}  // namespace mullion::audit
