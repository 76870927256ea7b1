// SPDX-License-Identifier: Apache-2.0
#include "arch/deadline.hpp"

#include <gtest/gtest.h>

#include "machine.hpp"

namespace mullion::modelled {
namespace {

/// Tries lengths that are no whole number of seconds, too, on time bases of which a millisecond is no whole number of
/// ticks.
TEST(Deadline, PassesAfterSoManyMillisecondsOfTheBoard) {
    for (const std::uint64_t frequency : {32'768, 100'000, 10'000'000}) {
        for (const std::uint64_t milliseconds : {1, 100, 1000, 1500, 10'000}) {
            machine.time = 12'345;
            const arch::Deadline late{Board{.timebase_frequency = frequency}, milliseconds};
            machine.time += frequency * milliseconds / 1000;
            EXPECT_FALSE(late()) << milliseconds << " ms at " << frequency;
            ++machine.time;
            EXPECT_TRUE(late()) << milliseconds << " ms at " << frequency;
        }
    }
}

}  // namespace
}  // namespace mullion::modelled
