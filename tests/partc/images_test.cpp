// SPDX-License-Identifier: Apache-2.0
// Tests where a guest's ramdisk and tree lie, and what partc leaves free in the tree.
#include "images.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

extern "C" {
#include <libfdt.h>
}

#include "fixture.hpp"
#include "free_pages.hpp"
#include "guest_tree.hpp"

namespace mullion::partc {
namespace {

TEST(LastFreePages, AreTheLastThatFit) {
    const GuestRange range{{0x10'0000}, 0x10'0000};
    EXPECT_EQ(last_free_pages(range, 1, {}), Gpa{0x1f'f000});
    EXPECT_EQ(last_free_pages(range, 0x1001, {}), Gpa{0x1f'e000});
    EXPECT_EQ(last_free_pages(range, 0x10'0000, {}), Gpa{0x10'0000});
    EXPECT_EQ(last_free_pages(range, 0x10'0001, {}), std::nullopt);
    EXPECT_EQ(last_free_pages({{0x10'0000}, 0}, 1, {}), std::nullopt);
}

TEST(LastFreePages, MeetNothing) {
    const GuestRange range{{0x10'0000}, 0x10'0000};
    EXPECT_EQ(last_free_pages(range, 0x1000, {{{0x1f'f800}, 1}}), Gpa{0x1f'e000});
    EXPECT_EQ(last_free_pages(range, 0x2000, {{{0x1f'e000}, 0x1000}, {{0x1f'b000}, 0x1000}}), Gpa{0x1f'c000});
    EXPECT_EQ(last_free_pages(range, 0x1000, {{{0x10'0000}, 0x10'0000}}), std::nullopt);
    EXPECT_EQ(last_free_pages(range, 0x1000, {{{0x10'1000}, 0x20'0000}}), Gpa{0x10'0000});
    EXPECT_EQ(last_free_pages({{0x10'0800}, 0x1000}, 0x800, {}), Gpa{0x10'1000});
    EXPECT_EQ(last_free_pages({{0x10'0800}, 0x1000}, 0x1000, {}), std::nullopt) << "no page begins in time";
}

/// Runs partc on good descriptions in a scratch folder.
class ImagesTest : public testing::Test {
 protected:
    ImagesTest() { fs::copy_file(fs::path{PARTC_TESTS} / "good/with-overlay.dtso", "with-overlay.dtso"); }

    std::uint64_t number(const std::string& description, const std::string& pattern) {
        std::smatch found;
        EXPECT_TRUE(std::regex_search(description, found, std::regex(pattern))) << pattern;
        return std::stoull(found[1], nullptr, 0);
    }

    const Workspace workspace{PARTC_TESTS};
};

TEST_F(ImagesTest, TheTreeHasRoomAndAPlaceForASeed) {
    ASSERT_TRUE(build(workspace.options("with-overlay")).ok);
    auto tree = text_of("out/alpha.dtb");
    const auto* const fdt = tree.data();
    const auto used =
        std::max(fdt_off_dt_struct(fdt) + fdt_size_dt_struct(fdt), fdt_off_dt_strings(fdt) + fdt_size_dt_strings(fdt));
    EXPECT_EQ(fdt_totalsize(fdt), tree.size());
    EXPECT_GE(tree.size() - used, 4096U);
    EXPECT_EQ(tree.find_first_not_of('\0', used), std::string::npos);
    EXPECT_EQ(fdt_check_full(fdt, tree.size()), 0);

    EXPECT_EQ(fdt_getprop(fdt, fdt_path_offset(fdt, "/chosen"), "rng-seed", nullptr), nullptr);
    const auto description = text_of("out/description.hpp");
    const auto at = number(description, "\\.seed = \\{\\{(0x[0-9a-f]+)\\}");
    const auto name = number(description, "\\.seed = \\{\\{0x[0-9a-f]+\\}, ([0-9]+)\\}");
    const auto offset = at - number(description, "\\.tree = \\{(0x[0-9a-f]+)\\}");
    for (std::uint64_t i = 0; i < SeedPlace::size; ++i) {
        EXPECT_EQ(tree[offset + i], i % 4 == 3 ? '\4' : '\0') << "a no-op";
    }
    EXPECT_STREQ(fdt + fdt_off_dt_strings(fdt) + name, "rng-seed");

    // As the hypervisor fills it.
    for (const auto& [index, value] : {std::pair{0, 3U}, {1, 32U}, {2, static_cast<unsigned>(name)}}) {
        fdt32_st(tree.data() + offset + 4 * index, value);
    }
    int length = 0;
    EXPECT_NE(fdt_getprop(fdt, fdt_path_offset(fdt, "/chosen"), "rng-seed", &length), nullptr);
    EXPECT_EQ(length, 32);
    EXPECT_EQ(fdt_check_full(fdt, tree.size()), 0);
}

}  // namespace
}  // namespace mullion::partc
