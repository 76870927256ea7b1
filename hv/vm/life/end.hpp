// SPDX-License-Identifier: Apache-2.0
// How a life ends, and what follows.
#pragma once

#include "core/policy.hpp"
#include "core/text.hpp"
#include "vm/life/begin.hpp"
#include "vm/life/guest_life.hpp"
#include "vm/life/lifecycle.hpp"
#include "vm/life/policies.hpp"
#include "vm/life/port.hpp"
#include "vm/sbi/port.hpp"

namespace mullion {

/// Decides what follows the end of a life. Requires: the caller owns the life's state.
template <LifePort Port>
Action decide(GuestLife& guest, const End& end, Port& port) {
    if (const auto* policies = port.policies()) {
        return policies->decide(guest, end, port);
    }
    return end.cause ? Policy{}.to(*end.cause).action : end.wanted;
}

/// Ends a life, and does what follows. Requires: the caller owns the life's state, and all harts of the guest are
/// STOPPED.
template <LifePort Port>
[[gnu::cold]] void end_life(GuestLife& guest, const End& end, Port& port) {
    port.reset_devices(guest);
    port.notice((Text{} << guest.guest.name << ' ' << end.how).view());
    port.print_exits(guest);
    switch (decide(guest, end, port)) {
        case Action::restart:
            guest.life.settle(LifeState::starting);
            return begin_life(guest, port);
        case Action::stay_off:
            return come_to_rest(guest, end.is_failure() ? LifeState::crashed : LifeState::off, port);
        case Action::halt_machine:
            port.print_answer((Text{} << "the policy of " << guest.guest.name << " halts the machine").view());
            port.power_off(end.is_failure());
    }
}

/// Ends the guest, unless another of its harts does so already, and parks. `report` is called once the others are
/// STOPPED. Requires: the caller is STARTED. Does not return on target.
template <LifePort Port>
[[noreturn]] void stop_and_end(VCpu& self, GuestLife& guest, const End& end, Port& port, auto report) {
    if (claim_end(self, guest.life, port)) {
        stop_siblings(self, port);
        report();
        end_life(guest, end, port);
    }
    port.park();
}

/// Ends the guest as it has asked (SBI SRST): off, or from the beginning again. Does not return on target.
template <LifePort Port>
[[noreturn]] void end_guest(VCpu& self, GuestLife& guest, Ending ending, Port& port) {
    const bool failed = ending.reason == SrstReason::system_failure;
    const auto nothing = [] {};
    if (ending.type == SrstType::shutdown) {
        const auto* const how = failed ? "powers off after a failure of its own" : "powers off";
        stop_and_end(self, guest, {how, Cause::shutdown}, port, nothing);
    }
    const auto* const how = failed ? "reboots after a failure of its own" : "reboots";
    stop_and_end(self, guest, {how, Cause::reboot}, port, nothing);
}

}  // namespace mullion
