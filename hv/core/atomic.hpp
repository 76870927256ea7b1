// SPDX-License-Identifier: Apache-2.0
// What harts share. Names of their own, so that tests/unit/walked can put others in their place that stop before each
// access: the interleavings that are walked there are those of this code. There each access must name its order, too,
// and what is owned is seen to be accessed by one program at a time.
#pragma once

#include <atomic>

namespace mullion {

template <class T>
using Atomic = std::atomic<T>;

/// Plain memory that one hart at a time accesses: its owner, whom an Atomic tells. So its accesses need no order.
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
