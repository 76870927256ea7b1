// SPDX-License-Identifier: Apache-2.0
#include "core/layout_of.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "../proof/description.hpp"

namespace mullion {
namespace {

Description described() {
    static constexpr std::array<Image, 3> images{{{"kernel", 31 * mebi + 5}, {"tree", 3000}, {"ramdisk", 4096}}};
    auto d = generated::description;
    d.images = images;
    return d;
}

std::vector<HostRange> parts(const Layout& l) {
    return {l.text, l.rodata, l.stage1, l.stage2, l.directory, l.images, l.data, l.stacks};
}

TEST(Layout, BeginsAtTheLoadAddressAndAscends) {
    const auto l = layout_of(described());
    auto free = generated::board.load_address;
    EXPECT_EQ(l.text.base, free);
    for (const auto& part : parts(l)) {
        EXPECT_GE(part.base, free);
        EXPECT_TRUE(is_aligned(part.base.value | part.size, page_size));
        free = part.end();
    }
    EXPECT_EQ(l.end(), free);
}

TEST(Layout, AlignsWhatHardwareAndLargeLeavesAskFor) {
    const auto l = layout_of(described());
    EXPECT_TRUE(is_aligned(l.stage2.base.value, stage2_root_size));
    EXPECT_TRUE(is_aligned(l.images.base.value | l.images.size, 2 * mebi));
    EXPECT_TRUE(is_aligned(l.stacks.base.value, stack_block));
}

TEST(Layout, HasAStackForEachHartAndRoomForEachTable) {
    const auto d = described();
    const auto l = layout_of(d);
    EXPECT_EQ(l.stacks.size, d.board.harts.size() * stack_block);
    EXPECT_EQ(l.stage1.size, stage1_size(d));
    EXPECT_EQ(l.stage2.size, stage2_size(d));
}

TEST(Layout, HasADirectoryWhereThereIsAnIommu) {
    auto d = described();
    EXPECT_EQ(layout_of(d).directory.size, directory_words(d) * 8);
    d.board.iommu = {};
    EXPECT_EQ(layout_of(d).directory.size, 0u);
}

TEST(Layout, MovesWithTheLoadAddress) {
    auto d = described();
    const auto before = layout_of(d);
    d.board.load_address = d.board.load_address + 64 * mebi;
    const auto after = layout_of(d);
    for (std::size_t i = 0; i < parts(before).size(); ++i) {
        EXPECT_EQ(parts(after)[i].base - 64 * mebi, parts(before)[i].base);
        EXPECT_EQ(parts(after)[i].size, parts(before)[i].size);
    }
}

TEST(Layout, PutsImagesOnPagesInTheirOrder) {
    const auto d = described();
    const auto l = layout_of(d);
    EXPECT_EQ(image_address(d, l, 0), l.images.base);
    EXPECT_EQ(image_address(d, l, 1), l.images.base + 31 * mebi + page_size);
    EXPECT_EQ(image_address(d, l, 2), l.images.base + 31 * mebi + 2 * page_size);
    EXPECT_LE(image_address(d, l, 2) + page_size, l.images.end());
}

TEST(Layout, NeedsNoImages) {
    const auto l = layout_of(generated::description);
    EXPECT_EQ(l.images.size, 0u);
    EXPECT_EQ(l.data.base, l.images.base);
}

}  // namespace
}  // namespace mullion
