// SPDX-License-Identifier: Apache-2.0
#include "map.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <regex>
#include <vector>

#include "files.hpp"
#include "fixture.hpp"

namespace mullion::partc {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

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

/// Lists the widths of printable ASCII from the space on in DejaVu Sans, in 2048ths of the font's size. That font is
/// wider than those that the picture asks for first.
constexpr std::array<int, 95> glyphs{
    651,  821,  942,  1716, 1303, 1946, 1597, 563,  799,  799,  1024, 1716, 651,  739,  651,  690,   //  to /
    1303, 1303, 1303, 1303, 1303, 1303, 1303, 1303, 1303, 1303, 690,  690,  1716, 1716, 1716, 1087,  // 0 to ?
    2048, 1401, 1405, 1430, 1577, 1294, 1178, 1587, 1540, 604,  604,  1343, 1141, 1767, 1532, 1612,  // @ to O
    1235, 1612, 1423, 1300, 1251, 1499, 1401, 2025, 1403, 1251, 1403, 799,  690,  799,  1716, 1024,  // P to _
    1024, 1255, 1300, 1126, 1300, 1260, 721,  1300, 1298, 569,  569,  1186, 569,  1995, 1298, 1253,  // ` to o
    1300, 1300, 842,  1067, 803,  1298, 1212, 1675, 1212, 1212, 1075, 1303, 690,  1303, 1716};       // p to ~

std::size_t count_of(const std::string& text, const std::string& what) {
    std::size_t count = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
        ++count;
    }
    return count;
}

struct Text {
    std::string words;
    Rectangle box;  ///< what its glyphs may cover
};

int width_of(const std::string& words, int size) {
    const bool is_cut = words.ends_with("\u2026");  // three bytes, as wide as the font's size
    int sum = is_cut ? 2048 : 0;
    for (const unsigned char c : words.substr(0, words.size() - (is_cut ? 3 : 0))) {
        sum += glyphs.at(c - ' ');
    }
    return sum * size / 2048 + 1;
}

std::vector<Text> texts(const std::string& svg) {
    static const std::regex pattern{R"rx(<text class="(.)"( text-anchor="end")? x="(\d+)" y="(\d+)">([^<]*)</text>)rx"};
    std::vector<Text> found;
    for (std::sregex_iterator it{svg.begin(), svg.end(), pattern}, end; it != end; ++it) {
        const auto words = std::regex_replace(it->str(5), std::regex{"&(lt|gt|amp);"}, "W");
        const bool is_title = it->str(1) == "h";  // bold
        const int width = is_title ? width_of(words, 17) * 9 / 8 : width_of(words, 13);
        const int x = std::stoi(it->str(3)) - ((*it)[2].matched ? width : 0);
        const int height = is_title ? 17 : 13;
        found.push_back({words, {x, std::stoi(it->str(4)) - height + 3, width, height}});
    }
    return found;
}

void add_faults_of_boxes(const std::vector<Rectangle>& all, std::vector<std::string>& faults) {
    for (std::size_t i = 0; i < all.size(); ++i) {
        for (std::size_t k = 0; k < i; ++k) {
            if (all[i].meets(all[k]) && !all[i].holds(all[k]) && !all[k].holds(all[i])) {
                faults.push_back(fmt::format("boxes {} and {} overlap", k, i));
            }
        }
    }
}

void add_faults_of_texts(const std::vector<Text>& all, const std::vector<Rectangle>& boxes,
                         std::vector<std::string>& faults) {
    for (std::size_t i = 0; i < all.size(); ++i) {
        for (const auto& box : boxes) {
            if (box.meets(all[i].box) && !box.holds(all[i].box)) {
                faults.push_back(all[i].words + " crosses a border");
            }
        }
        for (std::size_t k = 0; k < i; ++k) {
            if (all[i].box.meets(all[k].box)) {
                faults.push_back(all[i].words + " covers " + all[k].words);
            }
        }
    }
}

/// Returns what a reader would object to. The first box is the whole picture.
std::vector<std::string> faults(const std::string& svg) {
    const auto boxes = rectangles(svg);
    const auto all = texts(svg);
    std::vector<std::string> faults;
    add_faults_of_boxes(boxes, faults);
    add_faults_of_texts(all, boxes, faults);
    if (boxes.size() < 10 || boxes.size() != count_of(svg, "<rect ") || all.size() != count_of(svg, "<text ")) {
        faults.push_back("something was not looked at");
    }
    return faults;
}

class MapTest : public testing::Test {
 protected:
    static std::string drawn(const Options& options) {
        const auto result = show(options, map_svg);
        EXPECT_TRUE(result.ok) << result.messages;
        return result.text;
    }

    /// Returns the options for a description on the test board.
    Options described(const fs::path& description) const {
        auto options = workspace.options("every-format");
        options.file = description;
        return options;
    }

    Options project(const fs::path& description) const {
        auto options = described(description);
        options.platform = "qemu";
        options.include_folders = {dts / "platform" / "qemu"};
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

TEST_F(MapTest, DrawsNothingOverAnything) {
    for (const auto* name : {"every-format", "crowded", "large", "unprotected-dma"}) {
        EXPECT_THAT(faults(drawn(workspace.options(name))), IsEmpty());
    }
    EXPECT_THAT(faults(drawn(project(dts / "two-linux.dts"))), IsEmpty());
    EXPECT_THAT(faults(drawn(project(dts / "linux-and-hello.dts"))), IsEmpty());
}

TEST_F(MapTest, IsReadableWithLongNamesAndNumbers) {
    const auto svg = drawn(described(fs::path{PARTC_TESTS} / "map" / "long-names.dts"));
    EXPECT_THAT(faults(svg), IsEmpty());
    // Nothing but a name that fits nowhere is cut.
    EXPECT_THAT(svg, HasSubstr(">0x3fffffff000000..0x3fffffff000fff<"));
    EXPECT_THAT(svg, HasSubstr(">13, 14, 15, 16, 17, 18<"));
    EXPECT_THAT(svg, HasSubstr(">mmmmmmmmmmmm<"));
}

/// Returns a description with a guest on each hart of a board, which has more harts than the test board.
std::string many_guests(int count) {
    std::string cpus;
    std::string files;
    std::string guests;
    for (int i = 0; i < count; ++i) {
        if (i >= 4) {
            cpus += fmt::format(
                "cpu{0}: cpu@{1:x} {{ reg = <{1}>; CPU_PROPERTIES cpu{0}_intc: CPU_INTERRUPT_CONTROLLER; }};\n", i,
                i + 1);
        }
        files += fmt::format("<&cpu{}_intc 9>{}", i, i + 1 == count ? ";" : ", ");
        guests += fmt::format(R"(guest-{0} {{ compatible = "mullion,partition"; #address-cells = <2>; #size-cells = <2>;
                                   cpus = <&cpu{0}>; kernel {{ image = "raw"; }};
                                   memory@80000000 {{ device_type = "memory"; reg = <0 0x80000000 0 0x10000>; }}; }};)",
                              i);
    }
    return fmt::format(R"(/dts-v1/;
#include <platform.dtsi>
&imsic {{ reg = <0x0 0x8000000  0x0 0x100000>; interrupts-extended = {} }};
/ {{ cpus {{ {} }}; partitions {{ compatible = "mullion,partitions"; {} }}; }};
)",
                       files, cpus, guests);
}

TEST_F(MapTest, IsReadableWithManyGuests) {
    write("many.dts", many_guests(30));
    const auto svg = drawn(described("many.dts"));
    EXPECT_THAT(faults(svg), IsEmpty());
    EXPECT_THAT(svg, HasSubstr(">guest-29<"));
}

TEST_F(MapTest, WithTooMuchInItIsNotReadable) {
    const auto svg = drawn(workspace.options("every-format"));
    const auto changed = [&](const std::string& old, const std::string& text) {
        auto copy = svg;
        return faults(copy.replace(copy.find(old), old.size(), text));
    };
    EXPECT_THAT(changed(">memory@80000000<", ">memory@8000000000000000000000000000000000<"),
                Contains(HasSubstr("crosses a border")));
    EXPECT_THAT(changed(">0x80000000..0x83ffffff<", ">0x80000000000000000000..0x83ffffff<"),
                Contains(HasSubstr("64 MiB covers")));
    EXPECT_THAT(changed("height=\"64\"", "height=\"84\""), Contains(HasSubstr("overlap")));
}

TEST_F(MapTest, IsAsTheDocumentsHaveIt) {
    // These are the sizes of Debian's kernel and its initramfs, which decide where guests lie.
    write("images/linux", linux_image(31'165'952, 0x1e6'b000));
    write("images/initrd", std::string(1'036'766, 'r'));
    const auto svg = drawn(project(dts / "two-linux.dts"));
    const auto picture = dts.parent_path() / "docs" / "pictures" / "two-linux-map.svg";
    const auto today = fs::path{PARTC_BUILD} / "two-linux-map.svg";
    write(today, svg);
    EXPECT_TRUE(svg == text_of(picture))
        << "the picture in the documents is not today's; look at it and take it:\n    cp " << today.string() << ' '
        << picture.string();
}

}  // namespace
}  // namespace mullion::partc
