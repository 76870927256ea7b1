// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"

namespace mullion {
namespace {

constexpr auto& large = window_at(description.guests[0], {0x2000'0000});
static_assert(large.to == Hpa{0x2'0000'0000} && is_aligned(large.to.value ^ large.at.value, 2 * mebi));

}  // namespace
}  // namespace mullion
