// SPDX-License-Identifier: Apache-2.0
// Replaces hv/core/atomic.hpp: each access is a step of the walk (walked/fibers.hpp), so that the tests walk the code
// that ships. Each access must name its order, though all are sequentially consistent here.
#pragma once

#include <atomic>
#include <cstdint>
#include <type_traits>

#include "walked/fibers.hpp"

namespace mullion {

template <class T>
class Atomic : public walked::Shared {
 public:
    constexpr Atomic(T value = {}) : value_(value) {}
    Atomic(const Atomic&) = delete;
    Atomic& operator=(const Atomic&) = delete;

    T load(std::memory_order) const {
        step();
        return walked::seen(value_);
    }
    void store(T value, std::memory_order) {
        step();
        walked::change(value_, value);
    }
    T exchange(T value, std::memory_order) {
        return exchange_by([value](T) { return value; });
    }
    bool compare_exchange_strong(T& expected, T value, std::memory_order) {
        step();
        const auto old = walked::seen(value_);
        if (old != expected) {
            expected = old;
            return false;
        }
        walked::change(value_, value);
        return true;
    }
    T fetch_add(T value, std::memory_order order) {
        if (order == std::memory_order_relaxed) {  // a statistic, which orders nothing and decides nothing
            return value_;
        }
        return exchange_by([value](T old) { return old + value; });
    }
    T fetch_sub(T value, std::memory_order) {
        return exchange_by([value](T old) { return old - value; });
    }
    T fetch_or(T value, std::memory_order) {
        return exchange_by([value](T old) { return old | value; });
    }

    /// Reads without a step, for a world's checks.
    T peek() const { return value_; }
    void add_bits(T bits) {
        step();
        walked::change_unseen(value_, static_cast<T>(value_ | bits));
    }

    std::uint64_t bits() const override { return static_cast<std::uint64_t>(value_); }

 private:
    T exchange_by(auto next) {
        step();
        const auto old = walked::seen(value_);
        walked::change(value_, static_cast<T>(next(old)));
        return old;
    }

    T value_;
};

/// Memory with one owner at a time. It is a race if two programs are about to access it.
template <class T>
class Owned : public walked::Shared {
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

 private:
    T* access() const {
        step_alone();
        walked::seen(bits());
        return &value_;
    }

    mutable T value_{};
};

}  // namespace mullion
