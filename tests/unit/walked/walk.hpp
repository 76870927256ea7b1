// SPDX-License-Identifier: Apache-2.0
// Supports the tests that walk interleavings.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "walked/states.hpp"
#include "walked/world_state.hpp"

namespace mullion {

/// Walks every interleaving of a scene, and expects no fault.
inline void expect_sound(const Scene& scene, Delivery delivery = Delivery::interrupt_files,
                         walked::Memory& memory = walked::sequential) {
    std::set<std::string> faults;
    const auto states = walked::walk_code([&] { return std::make_unique<World>(scene, delivery, faults); }, memory);
    EXPECT_GT(states, 3U);
    EXPECT_THAT(faults, testing::IsEmpty());
}

}  // namespace mullion
