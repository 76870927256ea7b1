// SPDX-License-Identifier: Apache-2.0
// The messages by which Mullion's harts interrupt one another.
#pragma once

#include <cstdint>

#include "core/atomic.hpp"

namespace mullion {

/// What a message asks for. Values are interrupt identities in supervisor-level interrupt files.
enum class Message : std::uint32_t {
    software = 1,   ///< raise VSSIP: an SBI IPI
    attention = 2,  ///< look at everything that others ask of this hart
    source = 3,     ///< a wired source is to be claimed; sent by the interrupt controller
    request = 4,    ///< only serve siblings' requests (vm/sbi/requests.hpp) and look at software events
};

/// A set of messages, bit n for value n.
using Messages = std::uint32_t;

constexpr Messages bit(Message message) {
    return Messages{1} << static_cast<std::uint32_t>(message);
}
constexpr bool has(Messages messages, Message message) {
    return (messages & bit(message)) != 0;
}

/// How much a hart that was interrupted has to look at; each value includes those before it.
enum class Wanted {
    nothing,
    requests,   ///< of siblings (vm/sbi/requests.hpp), and software events
    attention,  ///< orders of the operator, typed bytes, room for output
};

constexpr Wanted wanted_by(Messages messages) {
    return has(messages, Message::attention) ? Wanted::attention
           : has(messages, Message::request) ? Wanted::requests
                                             : Wanted::nothing;
}

/// Collects messages to a hart without an interrupt file, where the interrupt does not say what it is for.
class MessageWord {
 public:
    /// Adds a message, and calls `interrupt()` if the word was empty. Otherwise an interrupt is already pending, and
    /// the target takes the word after it.
    void post(Message message, auto interrupt) {
        if (bits_.fetch_or(bit(message), std::memory_order_release) == 0) {
            interrupt();
        }
    }

    /// Takes all messages, on the interrupted hart. The interrupt is cleared first: a message that arrives in between
    /// is taken now and costs one interrupt that finds nothing, but is never lost.
    Messages take(auto clear_interrupt) {
        clear_interrupt();
        return bits_.exchange(0, std::memory_order_acquire);
    }

 private:
    Atomic<Messages> bits_{0};
};

}  // namespace mullion
