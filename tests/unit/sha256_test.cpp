// SPDX-License-Identifier: Apache-2.0
#include "core/sha256.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace mullion {
namespace {

std::string hex(const Digest& digest) {
    std::string text;
    for (const auto byte : digest) {
        text += "0123456789abcdef"[byte >> 4];
        text += "0123456789abcdef"[byte & 15];
    }
    return text;
}

std::string digest_of(std::string_view text) {
    const std::vector<std::uint8_t> bytes(text.begin(), text.end());
    return hex(sha256_of(bytes));
}

// Tries the examples that NIST publishes for FIPS 180-4 (one block, two blocks), its test of a million letters, and
// the shortest message.
TEST(Sha256, AgreesWithThePublishedExamples) {
    EXPECT_EQ(digest_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(digest_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    EXPECT_EQ(digest_of("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnop"
                        "qrsmnopqrstnopqrstu"),
              "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
    EXPECT_EQ(digest_of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(digest_of(std::string(1'000'000, 'a')),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/// Tries lengths about those where the padding needs another block. The digests are of
/// `printf '%*s' N '' | tr ' ' a | sha256sum`.
TEST(Sha256, PadsAtEveryBorder) {
    EXPECT_EQ(digest_of(std::string(55, 'a')), "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318");
    EXPECT_EQ(digest_of(std::string(56, 'a')), "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a");
    EXPECT_EQ(digest_of(std::string(63, 'a')), "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34");
    EXPECT_EQ(digest_of(std::string(64, 'a')), "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb");
    EXPECT_EQ(digest_of(std::string(65, 'a')), "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae0");
}

int looks;

/// Lets the caller look up at least once in 1 KiB, as others may wait for it, and returns the same digest.
TEST(Sha256, LooksUpInBetween) {
    const std::vector<std::uint8_t> bytes(1024 * 5 + 1023, 'a');
    looks = 0;
    EXPECT_EQ(sha256_of(bytes, [] { ++looks; }), sha256_of(bytes));
    EXPECT_EQ(looks, 5);
}

TEST(Sha256, IsTheSameUnrolled) {
    for (std::size_t size = 0; size < 200; ++size) {
        const std::vector<std::uint8_t> bytes(size, 'a');
        EXPECT_EQ(sha256_of<UnrolledSigmas>(bytes), sha256_of(bytes)) << size;
    }
}

TEST(Sha256, IsAConstant) {
    static constexpr std::array<std::uint8_t, 3> abc{'a', 'b', 'c'};
    static_assert(sha256_of(abc)[0] == 0xba && sha256_of(abc)[31] == 0xad);
}

/// Makes wrong one of the functions that a hart with Zknh replaces.
struct WrongSigmas : PlainSigmas {
    static constexpr std::uint32_t sig0(std::uint32_t x) { return PlainSigmas::sig0(x) ^ 1; }
};

TEST(Sha256, UsesTheFunctionsItIsGiven) {
    static constexpr std::array<std::uint8_t, 3> abc{'a', 'b', 'c'};
    EXPECT_NE(sha256_of<WrongSigmas>(abc), sha256_of(abc));
}

}  // namespace
}  // namespace mullion
