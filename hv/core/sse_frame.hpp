// SPDX-License-Identifier: Apache-2.0
// Holds what a supervisor software event interrupted (SBI 3.0, SSE).
#pragma once

#include <cstdint>

namespace mullion {

/// The interrupted state, as the attributes INTERRUPTED_* have it.
struct SseFrame {
    std::uint64_t sepc = 0;
    std::uint64_t flags = 0;  ///< sse_flag
    std::uint64_t a6 = 0;
    std::uint64_t a7 = 0;

    constexpr bool operator==(const SseFrame&) const = default;
};

/// INTERRUPTED_FLAGS. SPV, SPVP and SDT are not defined for a guest's hart, which has neither the H extension nor
/// Ssdbltrp.
namespace sse_flag {
inline constexpr std::uint64_t spp = 1 << 0;
inline constexpr std::uint64_t spie = 1 << 1;
inline constexpr std::uint64_t spelp = 1 << 4;
inline constexpr std::uint64_t known = 0x3f;
}  // namespace sse_flag

}  // namespace mullion
