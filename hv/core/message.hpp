// SPDX-License-Identifier: Apache-2.0
// What interrupts a hart of the hypervisor's, beside its timer and wired sources, and what it asks for.
#pragma once

#include <cstdint>

#include "core/atomic.hpp"

namespace mullion {

/// The values are identities in supervisor-level interrupt files.
enum class Message : std::uint32_t {
    software = 1,   ///< raise VSSIP: an SBI IPI
    attention = 2,  ///< look at what others ask of this hart
    uart = 3,       ///< the physical UART, where its interrupt is an MSI
    request = 4,    ///< serve what a sibling asks for (vm/sbi/requests.hpp), and look at software events; nothing else
};

/// A set of them.
using Messages = std::uint32_t;

constexpr Messages bit(Message message) {
    return Messages{1} << static_cast<std::uint32_t>(message);
}
constexpr bool has(Messages messages, Message message) {
    return (messages & bit(message)) != 0;
}

/// What somebody wants of the calling hart; each includes those before it.
enum class Wanted {
    nothing,
    requests,   ///< by siblings, of vm/sbi/requests.hpp, and software events
    attention,  ///< orders of the operator, typed bytes, room for output
};

constexpr Wanted wanted_by(Messages messages) {
    return has(messages, Message::attention) ? Wanted::attention
           : has(messages, Message::request) ? Wanted::requests
                                             : Wanted::nothing;
}

/// What a hart was interrupted for, where the interrupt itself does not say it.
class MessageWord {
 public:
    /// `interrupt`, unless one is on the way: a word that is not empty is taken after its interrupt.
    void post(Message message, auto interrupt) {
        if (bits_.fetch_or(bit(message), std::memory_order_release) == 0) {
            interrupt();
        }
    }

    /// On the hart that was interrupted. The interrupt is taken back first: what comes in between interrupts once more,
    /// and finds nothing.
    Messages take(auto clear_interrupt) {
        clear_interrupt();
        return bits_.exchange(0, std::memory_order_acquire);
    }

 private:
    Atomic<Messages> bits_{0};
};

}  // namespace mullion
