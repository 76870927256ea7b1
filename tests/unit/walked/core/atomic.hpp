// SPDX-License-Identifier: Apache-2.0
// Replaces hv/core/atomic.hpp: each access is a step of the walk (walked/fibers.hpp), so that the tests walk the code
// that ships. Each access must name its order. The walk decides what that means: all are sequentially consistent, or
// memory is weak (walked/weak_memory.hpp).
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <type_traits>

#include "walked/fibers.hpp"
#include "walked/weak_accesses.hpp"

namespace mullion {

namespace walked {

/// Shared memory with a place in weak memory, if that is what is walked, and the memory has steps at all.
class Placed : public Shared {
 protected:
    static constexpr std::uint8_t none = 0xff;

    static bool is_weak() { return walk.memory == &weak; }
    /// Returns whether a program accesses it in weak memory.
    bool has_place() const { return place_ != none && walk.current != nullptr; }

    std::uint8_t place_ = none;
};

}  // namespace walked

template <class T>
class Atomic : public walked::Placed {
 public:
    constexpr Atomic(T value = {}) : value_(value) {}
    Atomic(const Atomic&) = delete;
    Atomic& operator=(const Atomic&) = delete;

    T load(std::memory_order order) const {
        step();
        return walked::seen(has_place() ? static_cast<T>(walked::weak.load(place_, order)) : value_);
    }
    void store(T value, std::memory_order order) {
        step();
        if (has_place()) {
            walked::weak.store(place_, value, order);
            return take_newest();
        }
        walked::change(value_, value);
    }
    T exchange(T value, std::memory_order order) {
        return modify([value](T) { return value; }, order);
    }
    bool compare_exchange_strong(T& expected, T value, std::memory_order order) {
        step();
        const auto old = walked::seen(
            has_place() ? static_cast<T>(walked::weak.compare_exchange(place_, expected, value, order)) : value_);
        const bool is_done = old == expected;
        expected = old;
        if (has_place()) {
            take_newest();
        } else if (is_done) {
            walked::change(value_, value);
        }
        return is_done;
    }
    T fetch_add(T value, std::memory_order order) {
        if (order == std::memory_order_relaxed && !has_steps()) {  // a statistic, which decides nothing
            return value_;
        }
        return modify([value](T old) { return old + value; }, order);
    }
    T fetch_sub(T value, std::memory_order order) {
        return modify([value](T old) { return old - value; }, order);
    }
    T fetch_or(T value, std::memory_order order) {
        return modify([value](T old) { return old | value; }, order);
    }

    /// Reads without a step, for a world's checks.
    T peek() const { return value_; }

    // Of a device: what a hart reads of its own one is the newest, and others change it after
    // arch::order::before_message().
    T sample() const {
        step();
        return walked::seen(value_);
    }
    void deliver(T value) {
        deliver_by([value](T) { return value; });
    }
    void add_bits(T bits) {
        deliver_by([bits](T old) { return old | bits; });
    }

    std::uint64_t bits() const override { return static_cast<std::uint64_t>(value_); }
    void begin() override {
        if (is_weak() && has_steps()) {
            place_ = static_cast<std::uint8_t>(walked::weak.add(value_));
        }
    }

 private:
    T modify(auto next, std::memory_order order) {
        step();
        if (has_place()) {
            const auto old = walked::weak.modify(place_, widened(next), order);
            take_newest();
            return walked::seen(static_cast<T>(old));
        }
        const auto old = walked::seen(value_);
        walked::change(value_, static_cast<T>(next(old)));
        return old;
    }
    void deliver_by(auto next) {
        step();
        if (has_place()) {
            walked::weak.deliver(place_, widened(next));
            return take_newest();
        }
        walked::change_unseen(value_, static_cast<T>(next(value_)));
    }

    static auto widened(auto next) {
        return
            [next](std::uint64_t old) { return static_cast<std::uint64_t>(static_cast<T>(next(static_cast<T>(old)))); };
    }
    /// Keeps the last value in modification order, for peek().
    void take_newest() { walked::change_unseen(value_, static_cast<T>(walked::weak.newest(place_))); }

    T value_;
};

/// A fence between accesses to Atomics.
inline void atomic_fence(std::memory_order order) {
    if (walked::walk.memory == &walked::weak && walked::walk.current != nullptr) {
        walked::step();
        walked::weak.fence(order);
        walked::seen(0);
    }
}

/// Memory with one owner at a time. It is a race if two programs are about to access it, or if in weak memory the last
/// access need not have come before.
template <class T>
class Owned : public walked::Placed {
 public:
    constexpr Owned() = default;
    constexpr explicit Owned(T value) : value_(value) {}

    T& operator*() { return *access(); }
    const T& operator*() const { return *access(); }
    T* operator->() { return access(); }
    const T* operator->() const { return access(); }

    std::uint64_t bits() const override {
        using walked::bits_of;
        return bits_of(value_);
    }
    void begin() override {
        if (is_weak() && has_steps()) {
            place_ = static_cast<std::uint8_t>(walked::weak.add_owned());
        }
    }

 private:
    T* access() const {
        if (!has_place()) {
            step_alone();
        } else if (!walked::weak.own(place_)) {
            walked::walk.on_race();
        }
        walked::seen(bits());
        return &value_;
    }

    mutable T value_{};
};

}  // namespace mullion
