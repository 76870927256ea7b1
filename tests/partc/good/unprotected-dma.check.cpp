// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"

namespace mullion {
namespace {

static_assert(description.guests[0].unprotected_dma);
static_assert(description.guests[0].sources.size() == 2 && description.guests[0].controller().parameter == 21);
static_assert(description.guests[0].noncoherent_dma && !description.guests[1].noncoherent_dma);
static_assert(!description.guests[1].unprotected_dma, "the RTC cannot master the bus");

}  // namespace
}  // namespace mullion
