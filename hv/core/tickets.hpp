// SPDX-License-Identifier: Apache-2.0
// Gives turns by tickets, first come, first served. try_take() succeeds only if nobody waits.
#pragma once

#include <cstdint>

#include "core/atomic.hpp"

namespace mullion {

class Tickets {
 public:
    /// Takes the next ticket. The caller's turn has come when is_served() returns true for it.
    std::uint32_t take() { return next_.fetch_add(1, std::memory_order_relaxed); }
    /// Returns whether the ticket's turn has come. Acquire pairs with serve_next().
    bool is_served(std::uint32_t ticket) const { return served_.load(std::memory_order_acquire) == ticket; }

    /// Takes a ticket if it would be served at once, that is if nobody has a turn and nobody waits. Returns whether it
    /// did.
    bool try_take() {
        auto ticket = served_.load(std::memory_order_acquire);
        return next_.compare_exchange_strong(ticket, ticket + 1, std::memory_order_relaxed);
    }

    /// Ends the caller's turn. Requires: the caller has it. Inlined, as fences of the caller's stay beside the store
    /// (docs/decisions/0020-order-is-named.md).
    [[gnu::always_inline]] void serve_next() {
        served_.store(served_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
    }

 private:
    Atomic<std::uint32_t> next_{0};
    Atomic<std::uint32_t> served_{0};
};

}  // namespace mullion
