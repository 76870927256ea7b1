// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "fault.hpp"

namespace {

std::uint64_t descend(std::uint64_t depth) {
    std::array<volatile std::uint64_t, 64> frame{};
    frame[depth % frame.size()] = depth;
    constexpr std::uint64_t far_below_the_guard = 1000;
    return depth == far_below_the_guard ? 0 : descend(depth + 1) + frame[depth % frame.size()];
}

}  // namespace

void mullion::faults::commit() {
    descend(0);
}
