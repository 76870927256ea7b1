// SPDX-License-Identifier: Apache-2.0
// A guest's life: which state it is in, and who may change that.
//
//   from       to         who                               when
//   off        waiting    the boot hart                     boot: it starts by itself, now or later
//   waiting    starting   the hart that claimed it          its turn has come, or the operator asks
//   waiting    off        the same                          the operator asks
//   off        starting   the same                          the operator asks
//   crashed    starting   the same                          the operator asks
//   starting   running    the same                          memory is pristine; the guest's hart 0 may start
//   running    suspended  the guest's only STARTED hart     it asks (SBI SUSP)
//   suspended  running    the same                          an interrupt came that it had enabled
//   suspended  stopping   the same                          the operator asks
//   running    stopping   the first hart that claims it     the guest asks, did something fatal, or was ordered to
//   stopping   running    the same                          ... and there is nothing to do, or the guest is asked first
//   stopping   suspended  the same                          ... likewise
//   stopping   off        the same                          its devices are quiet
//   stopping   starting   the same                          ... and it is to start again
//   stopping   crashed    the same                          it failed
//   starting   crashed    the hart that claimed it          it cannot start: an image is not as built
//   starting   off        the same                          it may not start again: its devices may go on by DMA
//
// Starting and stopping have one owner, who got there by a compare-and-exchange (claim) from a state that many may
// leave; for what follows a store is enough. An order is taken by an owner alone, so that none is lost between two
// harts; who then finds nothing to do gives the state back.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/atomic.hpp"

namespace mullion {

enum class LifeState : std::uint32_t { off, waiting, starting, running, suspended, stopping, crashed };

constexpr std::string_view name_of(LifeState state) {
    switch (state) {
        case LifeState::off:
            return "off";
        case LifeState::waiting:
            return "waiting to start";
        case LifeState::starting:
            return "starting";
        case LifeState::running:
            return "running";
        case LifeState::suspended:
            return "suspended";
        case LifeState::stopping:
            return "stopping";
        case LifeState::crashed:
            return "crashed";
    }
    return "?";
}

/// Says whether nothing runs, neither the guest nor a hart that starts or ends it, and nothing will by itself.
constexpr bool is_over(LifeState state) {
    return state == LifeState::off || state == LifeState::crashed;
}

/// Says whether there is somebody to take what comes for the guest: from the start of its first hart on, until its
/// devices were reset.
constexpr bool is_there(LifeState state) {
    return state == LifeState::running || state == LifeState::suspended || state == LifeState::stopping;
}

/// What is asked of a guest from outside: by the operator (`restart` starts one that is not running, else both ask it
/// first, where its policy says how), or by time.
enum class Order : std::uint32_t {
    none,
    restart,
    off,
    turn,  ///< the guest waited to start, and its turn has come
    due,   ///< its watchdog seems to have expired, its functions do DMA elsewhere, or it was asked to end
};

class Life {
 public:
    LifeState state() const { return static_cast<LifeState>(state_.load(std::memory_order_seq_cst)); }

    /// Takes the life from one state to another; of several harts that try, one succeeds.
    bool claim(LifeState from, LifeState to) {
        auto expected = static_cast<std::uint32_t>(from);
        return state_.compare_exchange_strong(expected, static_cast<std::uint32_t>(to), std::memory_order_seq_cst);
    }

    /// Elects the hart that ends this life: returns what the state was to that one, nothing to the others.
    std::optional<LifeState> claim_end() {
        for (const auto from : {LifeState::running, LifeState::suspended}) {
            if (claim(from, LifeState::stopping)) {
                return from;
            }
        }
        return std::nullopt;
    }

    /// Sets the state. Requires: the caller owns it.
    void settle(LifeState state) { state_.store(static_cast<std::uint32_t>(state), std::memory_order_seq_cst); }

    bool is_over() const { return mullion::is_over(state()); }

    /// Gives an order of the operator's; the latest counts.
    void give(Order order) { order_.store(static_cast<std::uint32_t>(order), std::memory_order_seq_cst); }
    /// Gives an order of time where there is no other.
    void offer(Order order) {
        auto expected = static_cast<std::uint32_t>(Order::none);
        order_.compare_exchange_strong(expected, static_cast<std::uint32_t>(order), std::memory_order_seq_cst);
    }
    bool has_order() const { return order_.load(std::memory_order_seq_cst) != static_cast<std::uint32_t>(Order::none); }
    /// Takes the order, if there is one. Requires: the caller owns the state.
    Order take_order() {
        return static_cast<Order>(order_.exchange(static_cast<std::uint32_t>(Order::none), std::memory_order_seq_cst));
    }

 private:
    Atomic<std::uint32_t> state_{static_cast<std::uint32_t>(LifeState::off)};
    Atomic<std::uint32_t> order_{static_cast<std::uint32_t>(Order::none)};
};

}  // namespace mullion
