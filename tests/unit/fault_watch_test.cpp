// SPDX-License-Identifier: Apache-2.0
#include "vm/fault_watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace mullion {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Lets the watch count `faults`, and returns the counts that it told of.
std::vector<std::uint64_t> told(FaultWatch& watch, std::uint64_t faults, std::uint64_t others) {
    std::vector<std::uint64_t> all;
    for (std::uint64_t i = 0; i < faults; ++i) {
        if (watch.count()) {
            if (const auto in_a_row = watch.look(others)) {
                all.push_back(in_a_row);
            }
        }
    }
    return all;
}

constexpr auto batch = FaultWatch::batch;
constexpr auto allowed = FaultWatch::others_allowed;

TEST(FaultWatch, SaysNothingOfAFewFaults) {
    FaultWatch watch;
    EXPECT_THAT(told(watch, batch - 1, 0), IsEmpty());
}

TEST(FaultWatch, TellsOfABatchAndThenEachTimeThatItHasDoubled) {
    FaultWatch watch;
    EXPECT_THAT(told(watch, 9 * batch, 0), ElementsAre(batch, 2 * batch, 4 * batch, 8 * batch));
}

TEST(FaultWatch, AFewOtherExitsDoNotHideIt) {
    FaultWatch watch;
    EXPECT_THAT(told(watch, batch, allowed), ElementsAre(batch));
    EXPECT_THAT(told(watch, batch, 2 * allowed), ElementsAre(2 * batch));
}

TEST(FaultWatch, AHartThatDoesOtherThingsBeginsAnew) {
    FaultWatch watch;
    EXPECT_THAT(told(watch, batch, allowed + 1), IsEmpty());
    EXPECT_THAT(told(watch, batch, allowed + 1), ElementsAre(batch));
    EXPECT_THAT(told(watch, batch, 2 * allowed + 2), IsEmpty());
    EXPECT_THAT(told(watch, 2 * batch, 2 * allowed + 2), ElementsAre(batch, 2 * batch));
}

}  // namespace
}  // namespace mullion
