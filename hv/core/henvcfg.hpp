// SPDX-License-Identifier: Apache-2.0
// The fields of henvcfg that a guest changes by SBI FWFT (privileged manual, "Hypervisor Environment Configuration
// Register"; for pointer masking, extension Ssnpm).
#pragma once

#include <cstdint>

namespace mullion::henvcfg {

inline constexpr std::uint64_t lpe = std::uint64_t{1} << 2;  ///< landing pads in VS-mode
inline constexpr std::uint64_t sse = std::uint64_t{1} << 3;  ///< shadow stacks in VS- and VU-mode
inline constexpr unsigned pmm_shift = 32;
inline constexpr std::uint64_t pmm = std::uint64_t{3} << pmm_shift;  ///< pointer masking in VS-mode
inline constexpr std::uint64_t adue = std::uint64_t{1} << 61;        ///< hardware sets A and D in VS-stage tables

/// Values of pmm.
inline constexpr std::uint64_t pmlen_7 = std::uint64_t{2} << pmm_shift;
inline constexpr std::uint64_t pmlen_16 = std::uint64_t{3} << pmm_shift;

/// All of these fields; a guest's hart starts with them 0. DTE is not one: it would turn the hypervisor's own traps
/// into double traps.
inline constexpr std::uint64_t features = lpe | sse | pmm | adue;

}  // namespace mullion::henvcfg
