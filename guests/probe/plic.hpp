// SPDX-License-Identifier: Apache-2.0
// Accesses the PLIC (RISC-V Platform-Level Interrupt Controller Specification 1.0.0) by offset.
#pragma once

#include <cstdint>

#include "common/mmio.hpp"
#include "probe/hart.hpp"

namespace probe::plic {

/// "Memory Map"
enum Register : std::uint64_t {
    priority = 0x00'0000,   ///< + 4 * source
    pending = 0x00'1000,    ///< + 4 * (source / 32)
    enable = 0x00'2000,     ///< + 0x80 * context + 4 * (source / 32)
    threshold = 0x20'0000,  ///< + 0x1000 * context
    claim = 0x20'0004       ///< + 0x1000 * context; a load claims, a store completes
};

inline std::uint32_t read(std::uint64_t offset) {
    return read_register<std::uint32_t>(machine().plic.base + offset);
}
inline void write(std::uint64_t offset, std::uint32_t value) {
    write_register<std::uint32_t>(machine().plic.base + offset, value);
}

/// Returns the context of a hart's S-mode.
inline std::uint32_t context_of(std::uint64_t hart) {
    return machine().plic_contexts[hart];
}
inline std::uint32_t own_context() {
    return context_of(this_hart().id);
}

constexpr std::uint64_t priority_of(std::uint32_t source) {
    return priority + 4 * source;
}
constexpr std::uint64_t enable_word(std::uint32_t context, std::uint32_t source) {
    return enable + 0x80 * context + 4 * (source / 32);
}
constexpr std::uint64_t threshold_of(std::uint32_t context) {
    return threshold + 0x1000 * context;
}
constexpr std::uint64_t claim_of(std::uint32_t context) {
    return claim + 0x1000 * context;
}
constexpr std::uint32_t bit_of(std::uint32_t source) {
    return std::uint32_t{1} << source % 32;
}

void set_enabled(std::uint32_t context, std::uint32_t source, bool enabled);
bool is_pending(std::uint32_t source);

/// Claims on this hart; returns 0 if there is nothing.
inline std::uint32_t take() {
    return read(claim_of(own_context()));
}
inline void complete(std::uint32_t source) {
    write(claim_of(own_context()), source);
}

/// Routes the source to only this hart, with priority 1, and clears earlier interrupts.
void route(std::uint32_t source);
/// Routes the source to no hart.
void unroute(std::uint32_t source);

}  // namespace probe::plic
