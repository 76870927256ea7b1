// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"

namespace mullion {
namespace {

static_assert(description.guests[0].policy == Policy{.shutdown = {Action::halt_machine, {}},
                                                     .reboot = {Action::stay_off, {}},
                                                     .crash = {Action::restart, {3, 60}},
                                                     .watchdog = {Action::restart, {16, 86'400}},
                                                     .start = {.after = 1, .delay_ms = 500, .by_operator = false},
                                                     .restart_with_dma = true});
static_assert(description.guests[1].policy.start ==
              StartOrder{.after = StartOrder::at_boot, .delay_ms = 0, .by_operator = true});
static_assert(description.guests[1].policy.crash == Policy{}.crash);

// The first page behind the serial port; one interrupt more than the RTC's.
static_assert(description.guests[0].watchdog.base == Gpa{0x100'1000} && description.guests[0].watchdog.source == 10);
static_assert(description.guests[0].aplic.num_sources == 10);
static_assert(!description.guests[1].watchdog.exists());

}  // namespace
}  // namespace mullion
