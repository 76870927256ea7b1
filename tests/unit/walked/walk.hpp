// SPDX-License-Identifier: Apache-2.0
// What the tests that walk have in common.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "walked/world_state.hpp"

namespace mullion {

/// Walks every interleaving of a scene: nothing that must never be is seen.
inline void expect_sound(const Scene& scene, Delivery delivery = Delivery::interrupt_files) {
    std::set<std::string> faults;
    const auto states = walked::walk_code([&] { return std::make_unique<World>(scene, delivery, faults); });
    EXPECT_GT(states, 3U);
    EXPECT_THAT(faults, testing::IsEmpty());
}

}  // namespace mullion
