// SPDX-License-Identifier: Apache-2.0
#include "diff.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixture.hpp"

namespace mullion::partc {
namespace {

using testing::HasSubstr;
using testing::Not;

class DiffTest : public testing::Test {
 protected:
    /// Returns the description with `text` in place of `old`.
    std::string after(const std::string& old, const std::string& text) const {
        const auto result = diff(before, workspace.changed("every-format", old, text).file);
        EXPECT_TRUE(result.ok) << result.messages;
        return result.text;
    }

    const Workspace workspace{PARTC_TESTS};
    const Options before = workspace.options("every-format");
};

TEST_F(DiffTest, FindsNoneBetweenADescriptionAndItself) {
    EXPECT_EQ(diff(before, before.file).text, "no difference\n");
}

TEST_F(DiffTest, TellsOfHarts) {
    EXPECT_EQ(after("<&cpu3 &cpu1>", "<&cpu3>"), "alpha: loses cpu1\n");
    EXPECT_EQ(after("<&cpu3 &cpu1>", "<&cpu1 &cpu3>"), "alpha: counts in another order: cpu1, cpu3, not cpu3, cpu1\n");
}

TEST_F(DiffTest, TellsOfDevices) {
    EXPECT_EQ(after("devices = <&rtc>;", ""), "alpha: loses rtc\n");
    const auto without = workspace.changed("every-format", "devices = <&serial1>;", "");
    EXPECT_EQ(diff(without, before.file).text, "beta: gets serial1\n");
}

TEST_F(DiffTest, TellsOfFunctions) {
    const auto without = workspace.changed("with-functions", "&eth0 &eth1", "&eth0");
    EXPECT_EQ(diff(without, workspace.options("with-functions").file).text, "alpha: gets eth1\n");
}

TEST_F(DiffTest, TellsOfChannels) {
    const auto changed = [this](const std::string& old, const std::string& text) {
        return diff(workspace.options("channels"), workspace.changed("channels", old, text).file).text;
    };
    EXPECT_EQ(changed("read-write = <&beta>;\n            read-only = <&alpha>;", "read-write = <&alpha &beta>;"),
              "alpha: channel telemetry is rw-, not r--\n");
    EXPECT_THAT(changed("size = <0x1000>;", "size = <0x2000>;"),
                HasSubstr("beta: channel small grows from 4 KiB to 8 KiB\n"));
}

TEST_F(DiffTest, TellsOfMemoryAndOfWhatMovesWithIt) {
    const auto text = after("0x0 0x80000000  0x0 0x4000000", "0x0 0x80000000  0x0 0x5000000");
    EXPECT_THAT(text, HasSubstr("alpha: memory@80000000 grows from 64 MiB to 80 MiB\n"));
    EXPECT_THAT(text, HasSubstr("beta: memory@80200000 moves in host memory from "));
    EXPECT_THAT(after("memory@10000000", "memory@10001000"), Not(HasSubstr("no difference")));
}

TEST_F(DiffTest, TellsOfWhatIsLoaded) {
    EXPECT_EQ(after("console=ttyS0", "quiet"), "alpha: boot arguments change from \"console=ttyS0\" to \"quiet\"\n");
    EXPECT_THAT(after("\"hello\"", "\"raw\""), HasSubstr("beta: another kernel: raw (1000 bytes), not hello ("));
    EXPECT_EQ(after("entry = <0x0 0x40010020>", "entry = <0x0 0x40010040>"),
              "gamma-2: is entered at 0x40010040, not at 0x40010020\n");
}

TEST_F(DiffTest, TellsOfPolicies) {
    const auto text =
        after("image = \"linux\";",
              "image = \"linux\"; }; policy { on-crash = \"restart\"; on-crash-limit = <1 60>; start-delay-ms = <500>; "
              "stop-request = \"sysrq\"; restart-with-dma; on-dma-fault = \"nothing\";");
    EXPECT_EQ(text,
              "alpha: starts 500 ms after boot, not at boot\n"
              "alpha: on-crash changes from \"stay-off\" to \"restart, at most 1 time in 60 s\"\n"
              "alpha: when the operator stops it: asked by sysrq, ended after 20 s, not at once\n"
              "alpha: may now start again in spite of DMA\n");
}

TEST_F(DiffTest, TellsOfGuestsThatComeAndGo) {
    const auto text = after("gamma-2 {", "delta {");
    EXPECT_EQ(text,
              "gamma-2 is gone; it had cpu2, memory@40000000 (2 MiB)\n"
              "delta is new; it has cpu2, memory@40000000 (2 MiB)\n");
}

TEST_F(DiffTest, TellsOfTheMistakesOfBoth) {
    const auto wrong = workspace.changed("every-format", "bootargs", "bootarg");
    const auto result = diff(wrong, wrong.file);
    EXPECT_FALSE(result.ok);
    EXPECT_EQ(result.text, "");
    const auto* message = "unknown property 'bootarg'";
    EXPECT_NE(result.messages.find(message), result.messages.rfind(message));
}

}  // namespace
}  // namespace mullion::partc
