// SPDX-License-Identifier: Apache-2.0
// Turns for something that one at a time has: who waits longest comes next, and who only tries comes behind all who
// wait.
#pragma once

#include <atomic>
#include <cstdint>

namespace mullion {

class Tickets {
 public:
    /// It is the caller's when is_served() says so.
    std::uint32_t take() { return next_.fetch_add(1, std::memory_order_relaxed); }
    /// Acquire pairs with serve_next().
    bool is_served(std::uint32_t ticket) const { return served_.load(std::memory_order_acquire) == ticket; }

    /// Takes a ticket if that is served at once: if nobody has what it is for, and nobody waits.
    bool try_take() {
        auto ticket = served_.load(std::memory_order_acquire);
        return next_.compare_exchange_strong(ticket, ticket + 1, std::memory_order_relaxed);
    }

    /// By who has it.
    void serve_next() { served_.store(served_.load(std::memory_order_relaxed) + 1, std::memory_order_release); }

 private:
    std::atomic<std::uint32_t> next_{0};
    std::atomic<std::uint32_t> served_{0};
};

}  // namespace mullion
