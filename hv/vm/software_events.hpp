// SPDX-License-Identifier: Apache-2.0
// Defines the interface of a guest's software events (SBI SSE, rooms/sse_delivery.hpp) to the rest of the hypervisor,
// for images that have them.
#pragma once

#include "vm/vcpu.hpp"

namespace mullion {

class SoftwareEvents {
 public:
    /// Delivers pending events to the calling hart. Requires: it is about to return to its guest and has events
    /// unmasked.
    virtual void attend(VCpu& self) const = 0;
    /// Forgets what was injected since the hart stopped. Requires: the caller has claimed its start.
    virtual void begin(VCpu& target) const = 0;
    /// Masks the calling hart's events, ends a global one that it ran, and gives one that was to interrupt it to
    /// another hart. For a hart that stops.
    virtual void reset(VCpu& self) const = 0;
    /// Resets the events of a guest that starts, by its first hart. Requires: none of its harts runs.
    virtual void reset_guest(VCpu& first) const = 0;
    /// Marks the overflow of a counter of the calling hart, which attends before it returns to its guest.
    virtual void raise_overflow(VCpu& self) const = 0;
    /// Injects the global event of the guest, from anywhere. Returns false if it is not enabled or no hart is ready.
    virtual bool interrupt_guest(VCpu& any) const = 0;
    /// Injects the local event of each hart of the guest that has it enabled and is ready; returns how many these are.
    virtual unsigned interrupt_harts(VCpu& any) const = 0;

 protected:
    constexpr SoftwareEvents() = default;
    constexpr ~SoftwareEvents() = default;
};

}  // namespace mullion
