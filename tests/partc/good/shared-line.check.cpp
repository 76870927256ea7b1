// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"

namespace mullion {
namespace {

static_assert(std::ranges::equal(description.guests[0].sources, std::array{9u, 10u}, {}, &Source::number));

}  // namespace
}  // namespace mullion
