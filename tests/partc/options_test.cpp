// SPDX-License-Identifier: Apache-2.0
// Tests what the command line changes, and the project's own descriptions and boards.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "build.hpp"
#include "fixture.hpp"

namespace mullion::partc {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const fs::path here = PARTC_TESTS;
const fs::path dts = PARTC_DTS;

class OptionsTest : public testing::Test {
 protected:
    OptionsTest() {
        fs::current_path(scratch.path());
        fs::create_symlink(here / "board", "board");
        options = test_options(here / "good" / "every-format.dts", scratch);
    }
    ~OptionsTest() override { fs::current_path("/"); }

    std::string built() {
        const auto result = build(options);
        EXPECT_TRUE(result.ok) << result.messages;
        return text_of("out/description.hpp");
    }

    std::string refused() {
        const auto result = build(options);
        EXPECT_FALSE(result.ok);
        return result.messages;
    }

    const Scratch scratch;
    Options options;
};

TEST_F(OptionsTest, FindsImagesBesideTheDescriptionFirst) {
    fs::copy_file(options.file, "here.dts");
    fs::create_directory("own");
    fs::rename("here.dts", "own/here.dts");
    fs::copy_file("images/raw", "own/initrd");
    options.file = "own/here.dts";
    built();
    EXPECT_THAT(text_of("out/images.S"), HasSubstr((scratch.path() / "own/initrd").string()));
    EXPECT_THAT(text_of("out/images.S"), Not(HasSubstr("images/initrd")));
}

TEST_F(OptionsTest, ReplacesTheKernelOfOneGuest) {
    options.instead = {{"alpha.kernel", "images/raw"}};
    EXPECT_THAT(built(), Not(HasSubstr("\"linux\"")));
}

TEST_F(OptionsTest, ReplacesTheRamdiskOfAllGuests) {
    options.instead = {{"ramdisk", "images/raw"}};
    EXPECT_THAT(built(), Not(HasSubstr("\"initrd\"")));
}

TEST_F(OptionsTest, PrefersTheReplacementForOneGuest) {
    options.instead = {{"ramdisk", "images/raw"}, {"alpha.ramdisk", "images/initrd"}};
    EXPECT_THAT(built(), HasSubstr("\"initrd\""));
}

TEST_F(OptionsTest, RefusesReplacementsOfNothing) {
    options.instead = {{"delta.kernel", "images/raw"},
                       {"beta.ramdisk", "images/raw"},
                       {"beta.tree", "images/raw"},
                       {"kernel", "images/none"}};
    EXPECT_EQ(refused(),
              "partc: --image beta.ramdisk: partition 'beta' has no ramdisk\n"
              "partc: --image beta.tree: write [GUEST.]kernel=FILE or [GUEST.]ramdisk=FILE\n"
              "partc: --image delta.kernel: there is no partition 'delta'\n"
              "partc: --image kernel: no file images/none\n");
}

TEST_F(OptionsTest, RefusesALoadAddressOffItsBorder) {
    options.load_address += 4096;
    EXPECT_THAT(refused(), HasSubstr("the load address 0x80201000 is not on a 2 MiB border"));
}

TEST_F(OptionsTest, ColoursTheConsole) {
    options.color = true;
    EXPECT_THAT(built(), HasSubstr(".color = true"));
}

TEST_F(OptionsTest, SaysHowToLeaveThePlatformsTerminal) {
    EXPECT_THAT(built(), HasSubstr(".hint = \"\""));
    options.hint = "Ctrl-A x quit \"QEMU\"";
    EXPECT_THAT(built(), HasSubstr(".hint = \"Ctrl-A x quit \\\"QEMU\\\"\""));
}

TEST_F(OptionsTest, RefusesAHintThatIsNotForALine) {
    for (const auto& hint :
         {std::string(65, 'x'), std::string{"\x1b[2J"}, std::string{"a\nb"}, std::string{"\xc3\xa9"}}) {
        options.hint = hint;
        EXPECT_THAT(refused(), HasSubstr("partc: --hint: at most 64 characters")) << hint;
    }
}

TEST_F(OptionsTest, ToldThatAnImageChangedTheBuildAssemblesItAnew) {
    built();
    const auto before = text_of("out/images.S");
    auto raw = text_of("images/raw");
    raw.back() ^= 1;
    fs::remove("images/raw");
    std::ofstream{"images/raw"} << raw;
    built();
    EXPECT_NE(text_of("out/images.S"), before);
}

TEST_F(OptionsTest, ListsEveryFileThatWasReadOnce) {
    built();
    const auto rule = text_of("out/partc.d");
    for (const auto* file : {"every-format.dts", "board/platform.dtsi", "board/cpu.dtsi", "images/linux",
                             "images/initrd", "images/hello", "images/raw"}) {
        EXPECT_THAT(rule, HasSubstr(file));
        EXPECT_EQ(rule.find(file), rule.rfind(file)) << file;
    }
}

TEST_F(OptionsTest, TellsQemuOfTheBoardsHartsAndMemory) {
    built();
    // The board's harts are 1 to 4, and QEMU's begin with 0.
    EXPECT_EQ(text_of("out/qemu.args"), "-smp 5 -m 4352M\n");
}

/// Returns whether the description is of a machine with devices of its own (the .mk file beside it), whose board file
/// only the build has.
bool has_a_board_of_its_own(const fs::path& description) {
    const auto beside = fs::path{description}.replace_extension(".mk");
    return fs::exists(beside) && text_of(beside).find("QEMU_BOARD =") != std::string::npos;
}

/// Builds the project's own descriptions, with stand-ins for their images, on every board.
TEST(OwnDescriptions, BuildWithoutAWarning) {
    const Scratch scratch;
    std::size_t own_boards = 0;
    for (const auto& description : fs::directory_iterator{dts}) {
        if (description.path().extension() != ".dts") {
            continue;
        }
        if (has_a_board_of_its_own(description)) {
            ++own_boards;
            continue;
        }
        for (const auto& platform : fs::directory_iterator{dts / "platform"}) {
            auto options = test_options(description.path(), scratch);
            options.platform = platform.path().filename();
            options.include_folders = {platform.path()};
            options.images = scratch.path() / "images";
            const auto result = build(options);
            EXPECT_TRUE(result.ok) << description.path() << " on " << platform.path();
            EXPECT_THAT(result.messages, IsEmpty());
        }
    }
    EXPECT_EQ(own_boards, 1u) << "two-disks, which cmake/partitions.cmake builds";
}

}  // namespace
}  // namespace mullion::partc
