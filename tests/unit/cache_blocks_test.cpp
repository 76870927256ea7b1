// SPDX-License-Identifier: Apache-2.0
#include "core/cache_blocks.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

namespace mullion {
namespace {

/// Models a page behind a write-back cache that holds all of it.
struct CachedPage {
    std::size_t zeroed = 64;   ///< bytes that cbo.zero clears
    std::size_t managed = 64;  ///< bytes that cbo.flush and cbo.inval are about
    bool has_cache = true;
    bool discards = true;  ///< as menvcfg.CBIE = 11 says; else cbo.inval flushes
    bool zero_traps = false;
    bool flush_traps = false;
    bool discard_traps = false;

    std::array<std::uint8_t, 4096> memory{};
    std::array<std::uint8_t, 4096> cache{};

    void fill(std::uint8_t byte) { cache.fill(byte); }
    std::uint64_t count(std::uint8_t byte) { return static_cast<std::uint64_t>(std::ranges::count(cache, byte)); }
    bool zero_block() {
        std::fill_n(cache.begin(), zeroed, std::uint8_t{0});
        return !zero_traps;
    }
    bool flush_block() {
        std::copy_n(cache.begin(), managed, memory.begin());
        return !flush_traps;
    }
    bool discard_block() {
        if (has_cache && discards) {
            std::copy_n(memory.begin(), managed, cache.begin());
        }
        return !discard_traps;
    }
};

TEST(CacheBlocks, AreMeasuredByWhatIsCleared) {
    for (const std::size_t size : {1, 16, 32, 64, 128, 2048, 4096}) {
        CachedPage page{.zeroed = size};
        EXPECT_EQ(measure_zero(page), size);
        EXPECT_EQ(measure_zero(page), size) << "whatever was in the page before";
    }
}

TEST(CacheBlocks, AreMeasuredByWhatIsDiscarded) {
    for (const std::size_t size : {1, 16, 32, 64, 128, 2048, 4096}) {
        CachedPage page{.managed = size};
        EXPECT_EQ(measure_discard(page), size);
        EXPECT_EQ(measure_discard(page), size) << "whatever was in the page before";
    }
}

TEST(CacheBlocks, DoNotShowWhereNothingIsDiscarded) {
    CachedPage none{.has_cache = false};
    EXPECT_EQ(measure_discard(none), 0u);
    CachedPage flushes{.discards = false};
    EXPECT_EQ(measure_discard(flushes), 0u);
}

TEST(CacheBlocks, AreNoneWhereAnInstructionTraps) {
    CachedPage zero{.zero_traps = true};
    EXPECT_EQ(measure_zero(zero), std::nullopt);
    CachedPage flush{.flush_traps = true};
    EXPECT_EQ(measure_discard(flush), std::nullopt);
    CachedPage discard{.discard_traps = true};
    EXPECT_EQ(measure_discard(discard), std::nullopt);
}

}  // namespace
}  // namespace mullion
