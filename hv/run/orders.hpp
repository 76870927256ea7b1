// SPDX-License-Identifier: Apache-2.0
// Orders to guests (vm/life/orders.hpp) on this machine: given here, obeyed by a hart of the guest (run/life.hpp).
#pragma once

#include <cstdint>

#include "arch/csr.hpp"
#include "run/request_port.hpp"
#include "run/vm.hpp"
#include "vm/alarms.hpp"
#include "vm/life/port.hpp"

namespace mullion::run {

inline Vm& vm_of(GuestLife& guest) {
    return static_cast<Vm&>(guest);
}

/// It has no state: everything is the calling hart's.
struct HartOrderPort : HartRequestPort {
    std::uint64_t now() { return arch::now(); }
    bool watchdog_resets(GuestLife& guest) { return vm_of(guest).devices.expire(); }
};

static_assert(OrderPort<HartOrderPort>);

/// Gives a guest the operator's order to restart or to end, on any hart. Where its policy says how, the guest is asked
/// first, and has some time; a second order ends it at once.
void order(Vm& vm, Order what);

/// Has a hart of the guest look whether it is to end: its time is over, its watchdog has expired, or its functions do
/// DMA elsewhere.
void offer_end(Vm& vm);

/// Makes orders to the calling hart's guest of those of its alarms that are due.
void order_what_is_due(DueAlarms due);

}  // namespace mullion::run
