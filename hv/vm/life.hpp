// SPDX-License-Identifier: Apache-2.0
// A guest's life: which state it is in, and who may change that.
//
//   from       to         who                               when
//   off        starting   the hart that took the order      boot, or the operator asks
//   crashed    starting   the same                          the operator asks
//   starting   running    the same                          memory is pristine; the guest's hart 0 may start
//   running    stopping   the hart that stop_siblings chose all other harts of the guest are parked
//   stopping   off        the same                          its devices are quiet
//   stopping   starting   the same                          ... and it is to start again
//   stopping   crashed    the same                          it failed
//
// Every state has one owner, so a store is enough. Off, running and crashed are at rest: what leaves them is decided
// by an exchange elsewhere, of the order here, or of the election in vm/lifecycle.hpp.
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>

namespace mullion {

enum class LifeState : std::uint32_t { off, starting, running, stopping, crashed };

constexpr std::string_view name_of(LifeState state) {
    switch (state) {
        case LifeState::off:
            return "off";
        case LifeState::starting:
            return "starting";
        case LifeState::running:
            return "running";
        case LifeState::stopping:
            return "stopping";
        case LifeState::crashed:
            return "crashed";
    }
    return "?";
}

/// What the operator wants of a guest; `restart` starts one that is not running.
enum class Order : std::uint32_t { none, restart, off };

class Life {
 public:
    LifeState state() const { return static_cast<LifeState>(state_.load()); }

    /// By the owner of the state alone.
    void settle(LifeState state) { state_.store(static_cast<std::uint32_t>(state)); }

    /// Nothing runs: neither the guest nor the hart that starts or ends it.
    bool is_over() const { return state() == LifeState::off || state() == LifeState::crashed; }

    void give(Order order) { order_.store(static_cast<std::uint32_t>(order)); }
    bool has_order() const { return order_.load() != static_cast<std::uint32_t>(Order::none); }
    /// One of several harts that ask gets it.
    Order take_order() { return static_cast<Order>(order_.exchange(static_cast<std::uint32_t>(Order::none))); }

 private:
    std::atomic<std::uint32_t> state_{static_cast<std::uint32_t>(LifeState::off)};
    std::atomic<std::uint32_t> order_{static_cast<std::uint32_t>(Order::none)};
};

}  // namespace mullion
