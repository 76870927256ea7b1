// SPDX-License-Identifier: Apache-2.0
#include "text.hpp"

#include <gtest/gtest.h>

#include <array>

#include "core/address.hpp"

namespace mullion::partc {
namespace {

constexpr std::array<std::string_view, 3> words{"kernel", "ramdisk", "memory"};

TEST(DidYouMean, FindsTheNearestWord) {
    EXPECT_EQ(did_you_mean("kernal", words), " (did you mean 'kernel'?)");
    EXPECT_EQ(did_you_mean("ramdsik", words), " (did you mean 'ramdisk'?)");
    EXPECT_EQ(did_you_mean("mem", std::array<std::string_view, 2>{"men", "memory"}), " (did you mean 'men'?)");
    EXPECT_EQ(did_you_mean("rct", std::array<std::string_view, 2>{"uart", "rtc"}), " (did you mean 'rtc'?)");
}

TEST(DidYouMean, KeepsSilentAboutFarWords) {
    EXPECT_EQ(did_you_mean("colour", words), "");
    EXPECT_EQ(did_you_mean("x", words), "");
    EXPECT_EQ(did_you_mean("kernel", {}), "");
}

TEST(Sizes, AreExactInTheLargestUnitThatDividesThem) {
    EXPECT_EQ(exact_size(2 * gibi), "2 GiB");
    EXPECT_EQ(exact_size(gibi + mebi), "1025 MiB");
    EXPECT_EQ(exact_size(page_size), "4 KiB");
    EXPECT_EQ(exact_size(1025), "1025 bytes");
    EXPECT_EQ(exact_size(1), "1 byte");
    EXPECT_EQ(exact_size(0), "0 bytes");
}

TEST(Sizes, AreRoundedForReading) {
    EXPECT_EQ(rough_size(31 * mebi + 450 * kibi), "31.4 MiB");
    EXPECT_EQ(rough_size(64 * mebi), "64 MiB");
    EXPECT_EQ(rough_size(1000), "1000 bytes");
}

TEST(Literal, EscapesWhatALiteralCannotHold) {
    EXPECT_EQ(literal("a \"b\" \\ \n"), R"("a \"b\" \\ \012")");
}

}  // namespace
}  // namespace mullion::partc
