// SPDX-License-Identifier: Apache-2.0
#include "map.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <vector>

#include "files.hpp"
#include "fixture.hpp"

namespace mullion::partc {
namespace {

using testing::HasSubstr;

const fs::path dts = PARTC_DTS;

struct Rectangle {
    int x = 0;
    int y = 0;
    int width = 0;
    int height = 0;

    bool holds(const Rectangle& o) const {
        return o.x >= x && o.y >= y && o.x + o.width <= x + width && o.y + o.height <= y + height;
    }
    bool meets(const Rectangle& o) const {
        return o.x < x + width && x < o.x + o.width && o.y < y + height && y < o.y + o.height;
    }
};

std::vector<Rectangle> rectangles(const std::string& svg) {
    static const std::regex pattern{R"rx(<rect class="[^"]*" x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)")rx"};
    std::vector<Rectangle> found;
    for (std::sregex_iterator it{svg.begin(), svg.end(), pattern}, end; it != end; ++it) {
        found.push_back({std::stoi((*it)[1]), std::stoi((*it)[2]), std::stoi((*it)[3]), std::stoi((*it)[4])});
    }
    return found;
}

class MapTest : public testing::Test {
 protected:
    static std::string drawn(const Options& options) {
        const auto result = show(options, map_svg);
        EXPECT_TRUE(result.ok) << result.messages;
        return result.text;
    }

    static void expect_no_overlaps(const std::string& svg) {
        const auto all = rectangles(svg);
        ASSERT_GT(all.size(), 10);
        for (std::size_t i = 0; i < all.size(); ++i) {
            for (std::size_t k = 0; k < i; ++k) {
                EXPECT_TRUE(!all[i].meets(all[k]) || all[i].holds(all[k]) || all[k].holds(all[i])) << i << ' ' << k;
            }
        }
    }

    Options project(const fs::path& description) const {
        auto options = workspace.options("every-format");
        options.file = description;
        options.platform = "qemu";
        options.include_folders = {dts / "platform" / "qemu"};
        options.cpu = "rv64";
        return options;
    }

    const Workspace workspace{PARTC_TESTS};
};

TEST_F(MapTest, ShowsEachPieceWithItsOwner) {
    const auto svg = drawn(workspace.options("every-format"));
    for (const auto* text : {">alpha: memory@80000000<", ">firmware<", ">Mullion<", ">nobody's<", ">0 = cpu3<",
                             ">interrupt 9<", ">serial1<", ">emulated<", ">0x200000000..0x2ffffffff<"}) {
        EXPECT_THAT(svg, HasSubstr(text));
    }
}

TEST_F(MapTest, DrawsNoBoxOverAnother) {
    for (const auto* name : {"every-format", "crowded", "large", "unprotected-dma"}) {
        expect_no_overlaps(drawn(workspace.options(name)));
    }
    expect_no_overlaps(drawn(project(dts / "two-linux.dts")));
    expect_no_overlaps(drawn(project(dts / "linux-and-hello.dts")));
}

TEST_F(MapTest, IsAsTheDocumentsHaveIt) {
    // Debian's kernel and its initramfs, in size: they decide where guests lie.
    write("images/linux", linux_image(31'165'952, 0x1e6'b000));
    write("images/initrd", std::string(1'036'766, 'r'));
    const auto svg = drawn(project(dts / "two-linux.dts"));
    EXPECT_EQ(svg, text_of(dts.parent_path() / "docs" / "pictures" / "two-linux-map.svg"));
}

}  // namespace
}  // namespace mullion::partc
