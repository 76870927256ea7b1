// SPDX-License-Identifier: Apache-2.0
// What there is of a guest to those that begin and end its lives.
#pragma once

#include <cstdint>
#include <span>

#include "core/atomic.hpp"
#include "core/description.hpp"
#include "vm/alarms.hpp"
#include "vm/life/restarts.hpp"
#include "vm/life/states.hpp"
#include "vm/life/stop.hpp"
#include "vm/vcpu.hpp"

namespace mullion {

struct GuestLife {
    /// `of` and `vcpus` outlive it.
    constexpr GuestLife(const Guest& of, std::uint32_t guest_index, std::span<VCpu> vcpus)
        : guest(of), index(guest_index), harts(vcpus) {}

    const Guest& guest;
    const std::uint32_t index;  ///< in Description::guests
    const std::span<VCpu> harts;
    Life life;
    Atomic<std::uint64_t> start_at{Alarms::never};  ///< of a guest that waits for its turn: when it comes

    // By the owner of the life's state alone.
    Owned<Restarts> restarts;
    Owned<Asked> asked;
    Owned<bool> has_lived{false};
};

}  // namespace mullion
