// SPDX-License-Identifier: Apache-2.0
// What harts share. A name of its own, so that tests/unit/walked can put one in its place that stops before each
// access: the interleavings that are walked there are those of this code.
#pragma once

#include <atomic>

namespace mullion {

template <class T>
using Atomic = std::atomic<T>;

}  // namespace mullion
