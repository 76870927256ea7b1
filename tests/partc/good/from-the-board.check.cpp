// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"

namespace mullion {
namespace {

constexpr auto& alpha = description.guests[0];

// A device's window has the machine's address, not the one on the device's bus.
static_assert(window_at(alpha, {0x1080'1000}).to == Hpa{0x1080'1000});
static_assert(window_at(alpha, {0x1080'1000}).size == page_size);

// A node within the pages of the device that it belongs to needs no window of its own.
static_assert(window_at(alpha, {0x1100'0000}).size == 2 * page_size);

// The sources come from `interrupts` and `interrupts-extended`, without the lines of the GPIO controller.
static_assert(std::ranges::equal(alpha.sources, std::array{18, 16, 17}, {}, &Source::number));

}  // namespace
}  // namespace mullion
