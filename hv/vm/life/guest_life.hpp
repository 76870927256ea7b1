// SPDX-License-Identifier: Apache-2.0
// Holds what those that begin and end a guest's lives need of the guest.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/address.hpp"
#include "core/atomic.hpp"
#include "core/description.hpp"
#include "vm/alarms.hpp"
#include "vm/life/restarts.hpp"
#include "vm/life/states.hpp"
#include "vm/life/stop.hpp"
#include "vm/vcpu.hpp"

namespace mullion {

struct GuestLife {
    /// Requires: `of` and `vcpus` outlive this.
    constexpr GuestLife(const Guest& of, std::uint32_t guest_index, std::span<VCpu> vcpus)
        : guest(of), index(guest_index), harts(vcpus) {}

    const Guest& guest;
    const std::uint32_t index;  ///< in Description::guests
    const std::span<VCpu> harts;
    std::optional<Hpa> hole;  ///< an end of a window that is not RAM, found at boot: the guest cannot start
    Life life;
    Atomic<std::uint64_t> start_at{Alarms::never};  ///< of a guest that waits for its turn: when it comes

    // Only the owner of the life's state uses these.
    Owned<Restarts> restarts;
    Owned<Asked> asked;
    Owned<bool> has_lived{false};
};

}  // namespace mullion
