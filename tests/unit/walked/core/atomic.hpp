// SPDX-License-Identifier: Apache-2.0
// In the place of hv/core/atomic.hpp: each access is a step of the walk (walked/fibers.hpp), so that what is walked is
// the code that ships. Sequentially consistent, whatever the code asks for.
#pragma once

#include <atomic>
#include <cstdint>

#include "walked/fibers.hpp"

namespace mullion {

template <class T>
class Atomic : public walked::Shared {
 public:
    constexpr Atomic(T value = {}) : value_(value) {}
    Atomic(const Atomic&) = delete;
    Atomic& operator=(const Atomic&) = delete;

    T load(std::memory_order = std::memory_order_seq_cst) const {
        step();
        return walked::seen(value_);
    }
    void store(T value, std::memory_order = std::memory_order_seq_cst) {
        step();
        walked::change(value_, value);
    }
    T exchange(T value, std::memory_order = std::memory_order_seq_cst) {
        step();
        const auto old = walked::seen(value_);
        walked::change(value_, value);
        return old;
    }
    bool compare_exchange_strong(T& expected, T value) {
        step();
        const auto old = walked::seen(value_);
        if (old != expected) {
            expected = old;
            return false;
        }
        walked::change(value_, value);
        return true;
    }
    T fetch_add(T value, std::memory_order order = std::memory_order_seq_cst) {
        if (order == std::memory_order_relaxed) {  // a statistic: orders nothing, and nobody looks
            return value_;
        }
        return exchange_by([&](T old) { return old + value; });
    }
    T fetch_sub(T value) {
        return exchange_by([&](T old) { return old - value; });
    }
    T fetch_or(T value, std::memory_order = std::memory_order_seq_cst) {
        return exchange_by([&](T old) { return old | value; });
    }

    operator T() const { return load(); }
    T operator=(T value) {
        store(value);
        return value;
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

}  // namespace mullion
