// SPDX-License-Identifier: Apache-2.0
// Types for what harts share. tests/unit/walked has others of the same names, which stop before each access; so the
// interleavings that the tests walk are those of the code that ships. They also demand a memory order for each access,
// and notice when two harts access an Owned at a time.
#pragma once

#include <atomic>

namespace mullion {

template <class T>
using Atomic = std::atomic<T>;

/// Orders accesses to Atomics before and after it.
[[gnu::always_inline]] inline void atomic_fence(std::memory_order order) {
    std::atomic_thread_fence(order);
}

/// Plain memory that only its current owner, one hart, accesses. Requires: an Atomic says who owns it, with acquire and
/// release; then accesses here need no order.
template <class T>
class Owned {
 public:
    constexpr Owned() = default;
    constexpr explicit Owned(T value) : value_(value) {}

    constexpr T& operator*() { return value_; }
    constexpr const T& operator*() const { return value_; }
    constexpr T* operator->() { return &value_; }
    constexpr const T* operator->() const { return &value_; }

 private:
    T value_{};
};

}  // namespace mullion
