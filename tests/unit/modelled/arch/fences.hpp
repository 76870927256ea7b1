// SPDX-License-Identifier: Apache-2.0
// Replaces hv/arch/fences.hpp: nothing is cached.
#pragma once

#include <cstdint>

namespace mullion::arch {

inline void fence_i() {}
inline void fence_vs_all() {}
inline void fence_vs_page(std::uint64_t) {}
inline void fence_vs_asid(std::uint64_t) {}
inline void fence_vs_page_asid(std::uint64_t, std::uint64_t) {}

}  // namespace mullion::arch
