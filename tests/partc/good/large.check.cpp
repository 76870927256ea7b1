// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"

namespace mullion {
namespace {

static_assert(window_at(description.guests[0], {0x8000'0000}).to == Hpa{0x2'0000'0000});

constexpr auto& large = window_at(description.guests[1], {0x2000'0000});
static_assert(is_aligned(large.to.value ^ large.at.value, gibi));

}  // namespace
}  // namespace mullion
