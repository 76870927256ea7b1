// SPDX-License-Identifier: Apache-2.0
#include "vm/sbi/dbcn.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "fake_sbi_port.hpp"

namespace mullion {
namespace {

using enum DbcnFunction;

struct SbiDbcn : testing::Test, FakeGuest {
    SbiDbcn() { set(0, HsmState::started); }

    SbiResult dbcn(DbcnFunction function, std::uint64_t bytes, std::uint64_t low, std::uint64_t high = 0) {
        return call(SbiExtension::dbcn, function, bytes, low, high);
    }
    void store(Hpa at, std::string_view text) {
        std::copy(text.begin(), text.end(), port.guest_memory(at, text.size()).begin());
    }
    std::string loaded(Hpa at, std::size_t size) {
        const auto bytes = port.guest_memory(at, size);
        return {bytes.begin(), bytes.end()};
    }
};

constexpr SbiResult moved(std::uint64_t bytes) {
    return {SbiError::success, bytes};
}
const auto invalid = sbi_failure(SbiError::invalid_param);

TEST_F(SbiDbcn, WritesTheBytesOfTheBuffer) {
    store({0xa000'0010}, "hello");
    EXPECT_EQ(dbcn(console_write, 5, 0x8000'0010), moved(5));
    EXPECT_EQ(port.output, "hello");
}

TEST_F(SbiDbcn, WritesABufferThatReachesOverAdjoiningWindows) {
    store({0xa000'1ffd}, "abc");
    store({0xc000'0000}, "defg");
    EXPECT_EQ(dbcn(console_write, 7, 0x8000'1ffd), moved(7));
    EXPECT_EQ(port.output, "abcdefg");
}

TEST_F(SbiDbcn, WritesOnlyWhatTheConsoleTakes) {
    store({0xa000'1ffd}, "abc");
    store({0xc000'0000}, "defg");
    port.room = 2;
    EXPECT_EQ(dbcn(console_write, 7, 0x8000'1ffd), moved(2));
    port.room = 5;
    port.output.clear();
    EXPECT_EQ(dbcn(console_write, 7, 0x8000'1ffd), moved(5));
    EXPECT_EQ(port.output, "abcde");
    EXPECT_EQ(dbcn(console_write, 7, 0x8000'1ffd), moved(0));
}

TEST_F(SbiDbcn, WritesNothingIfAnyByteIsNotTheGuests) {
    EXPECT_EQ(dbcn(console_write, 1, 0x8000'4000), invalid);
    EXPECT_EQ(dbcn(console_write, 2, 0x8000'3fff), invalid);
    EXPECT_EQ(dbcn(console_write, 2, 0x7fff'ffff), invalid);
    EXPECT_EQ(dbcn(console_write, ~std::uint64_t{0}, 0x8000'0000), invalid);
    EXPECT_EQ(dbcn(console_write, 2, ~std::uint64_t{0}), invalid);
    EXPECT_EQ(port.output, "");
}

TEST_F(SbiDbcn, TakesNoDeviceOrInterruptFileForMemory) {
    EXPECT_EQ(dbcn(console_write, 1, 0x1000'0000), invalid);
    EXPECT_EQ(dbcn(console_write, 1, 0x9000'0000), invalid);
    EXPECT_EQ(dbcn(console_read, 1, 0x1000'0000), invalid);
}

TEST_F(SbiDbcn, LooksAtTheUpperHalfOfTheAddress) {
    EXPECT_EQ(dbcn(console_write, 1, 0x8000'0000, 1), invalid);
    EXPECT_EQ(dbcn(console_read, 1, 0x8000'0000, 1), invalid);
}

TEST_F(SbiDbcn, WritesFromReadOnlyMemoryAndDoesNotReadIntoIt) {
    store({0xd000'0000}, "rom");
    EXPECT_EQ(dbcn(console_write, 3, 0x8000'3000), moved(3));
    port.input = "x";
    EXPECT_EQ(dbcn(console_read, 1, 0x8000'3000), invalid);
    EXPECT_EQ(dbcn(console_read, 2, 0x8000'2fff), invalid);
    EXPECT_EQ(port.input, "x");
}

TEST_F(SbiDbcn, ReadsWhatThereIs) {
    store({0xa000'0000}, ".....");
    port.input = "abc";
    EXPECT_EQ(dbcn(console_read, 5, 0x8000'0000), moved(3));
    EXPECT_EQ(loaded({0xa000'0000}, 5), "abc..");
    EXPECT_EQ(dbcn(console_read, 5, 0x8000'0000), moved(0));
    EXPECT_EQ(loaded({0xa000'0000}, 5), "abc..");
}

TEST_F(SbiDbcn, ReadsNoMoreThanAskedOverAdjoiningWindows) {
    port.input = "abcdef";
    EXPECT_EQ(dbcn(console_read, 4, 0x8000'1ffe), moved(4));
    EXPECT_EQ(loaded({0xa000'1ffe}, 2) + loaded({0xc000'0000}, 2), "abcd");
    EXPECT_EQ(port.input, "ef");
}

TEST_F(SbiDbcn, MovesNoBytesWithoutLookingAtTheAddress) {
    EXPECT_EQ(dbcn(console_write, 0, 0), moved(0));
    EXPECT_EQ(dbcn(console_read, 0, 0), moved(0));
}

TEST_F(SbiDbcn, WritesTheLowByteAndAnswersZero) {
    EXPECT_EQ(dbcn(console_write_byte, 0xffff'ff41, 0), moved(0));
    EXPECT_EQ(port.output, "A");
}

TEST_F(SbiDbcn, HasTheGuestMakeTheSameCallAgainUntilThereIsRoom) {
    port.room = 0;
    for (int calls = 1; calls <= 3; ++calls) {
        EXPECT_EQ(dbcn(console_write_byte, 0xffff'ff41, 0x1234),
                  (SbiResult{static_cast<SbiError>(0xffff'ff41), 0x1234}));
        EXPECT_EQ(port.repeated, calls);
    }
    port.room = 1;
    EXPECT_EQ(dbcn(console_write_byte, 0xffff'ff41, 0x1234), moved(0));
    EXPECT_EQ(port.repeated, 3);
    EXPECT_EQ(port.output, "A");
}

TEST_F(SbiDbcn, HasNoFurtherFunction) {
    EXPECT_EQ(call(SbiExtension::dbcn, 3, 1, 0x8000'0000), sbi_failure(SbiError::not_supported));
}

}  // namespace
}  // namespace mullion
