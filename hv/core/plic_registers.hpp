// SPDX-License-Identifier: Apache-2.0
// The registers of a PLIC (RISC-V Platform-Level Interrupt Controller Specification 1.0, "Memory Map"). All are 32 bits
// wide and naturally aligned.
#pragma once

#include <cstdint>

namespace mullion::plic {

inline constexpr std::uint32_t max_contexts = 15'872;
inline constexpr std::uint32_t source_words = 32;  ///< in a bit array of all sources

// Offsets of arrays.
inline constexpr std::uint32_t priorities = 0x0;      ///< [0..1023], a word for each source; 0 is reserved
inline constexpr std::uint32_t pending = 0x1000;      ///< [0..31], a bit for each source
inline constexpr std::uint32_t enables = 0x2000;      ///< [context][0..31], a bit for each source
inline constexpr std::uint32_t contexts = 0x20'0000;  ///< [context], a page with threshold and claim for each

inline constexpr std::uint32_t enable_bytes = 4 * source_words;  ///< of a context
inline constexpr std::uint32_t context_bytes = 0x1000;
inline constexpr std::uint32_t threshold = 0;  ///< in a context's page
inline constexpr std::uint32_t claim = 4;      ///< in a context's page: reads claim, writes complete

constexpr std::uint32_t priority_of(std::uint32_t source) {
    return priorities + 4 * source;
}
constexpr std::uint32_t enable_word(std::uint32_t context, std::uint32_t word) {
    return enables + context * enable_bytes + 4 * word;
}
constexpr std::uint32_t threshold_of(std::uint32_t context) {
    return contexts + context * context_bytes + threshold;
}
constexpr std::uint32_t claim_of(std::uint32_t context) {
    return contexts + context * context_bytes + claim;
}

/// Returns the size in bytes of a PLIC with contexts 0 .. count-1.
constexpr std::uint64_t size_for(std::uint32_t count) {
    return contexts + std::uint64_t{count} * context_bytes;
}

// Contexts of a guest's PLIC are numbered as on most boards, which some kernels rely on: 2h + 1 is the S-mode of hart
// h. 2h would be its M-mode, which guests do not have.
inline constexpr std::uint32_t contexts_of_hart = 2;
inline constexpr std::uint32_t supervisor_context = 1;  ///< of hart 0

/// Returns the size in bytes of a guest's PLIC for so many harts.
constexpr std::uint64_t size_for_harts(std::uint64_t harts) {
    return contexts + harts * contexts_of_hart * context_bytes;
}

}  // namespace mullion::plic
