// SPDX-License-Identifier: Apache-2.0
// The machine's PLIC, as the interface of arch/wired.hpp has it. Every source that is enabled has priority 1, and every
// threshold is 0: the guests' own are kept in their emulated PLICs.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>

#include "core/description.hpp"

namespace mullion::arch::plic {

/// The enable words of each of the board's harts, one hart's after the other's, as they are to be in the machine: a
/// word has bits of a guest and the UART's, which change under different locks.
extern const std::span<std::atomic<std::uint32_t>> enable_words;

/// How many words a hart has.
constexpr std::uint32_t words_of(const Plic& plic) {
    return plic.num_sources / 32 + 1;
}

bool initialise();
void initialise_hart(const Hart& self);
void prepare(std::uint32_t source, const Hart& by);
void set_enabled(std::uint32_t source, const Hart& hart, bool enabled);
std::uint32_t claim(const Hart& self);
void complete(std::uint32_t source, const Hart& hart);
bool pending(std::uint32_t source);

}  // namespace mullion::arch::plic
