// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"

namespace mullion {
namespace {

static_assert(description.guests[0].policy == Policy{.shutdown = {Action::halt_machine, {}},
                                                     .reboot = {Action::stay_off, {}},
                                                     .crash = {Action::restart, {3, 60}},
                                                     .watchdog = {Action::restart, {16, 86'400}},
                                                     .start = {.after = 1, .delay_ms = 500, .by_operator = false},
                                                     .stop = {StopRequest::sysrq, 600},
                                                     .restart_with_dma = true});
static_assert(description.guests[1].policy.start ==
              StartOrder{.after = StartOrder::at_boot, .delay_ms = 0, .by_operator = true});
static_assert(description.guests[1].policy.stop == Stop{StopRequest::software_event, 20});
static_assert(description.guests[1].policy.crash == Policy{}.crash);

// The first page behind the serial port; one interrupt more than the RTC's.
static_assert(description.guests[0].devices[2] == VirtualDevice{DeviceKind::watchdog, {0x1000'1000}, 0x20, 10});
static_assert(description.guests[0].devices[0].parameter == 10);
static_assert(!description.guests[1].device(DeviceKind::watchdog).exists());

// beta's kernel is 1000 times the letter b.
constexpr auto& raw = description.images[description.guests[1].loads[0].image];
static_assert(description.guests[0].verified && !description.guests[1].verified);
static_assert(raw.sha256[0] == 0xf6 && raw.sha256[1] == 0xf1 && raw.sha256[31] == 0x5b);

// The RTC: its interrupt off, its alarm off, its interrupt cleared.
static_assert(description.guests[0].resets.size() == 3 && description.guests[1].resets.empty());
static_assert(description.guests[0].resets[0].at == Gpa{0x200'0010} && description.guests[0].resets[0].value == 0);
static_assert(description.guests[0].resets[2].at == Gpa{0x200'001c} && description.guests[0].resets[2].bytes == 4);

}  // namespace
}  // namespace mullion
