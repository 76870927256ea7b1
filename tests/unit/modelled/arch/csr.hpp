// SPDX-License-Identifier: Apache-2.0
// Replaces hv/arch/csr.hpp: the CSRs are those of the modelled calling hart, as far as interrupts need them.
#pragma once

#include "core/csr_numbers.hpp"
#include "machine.hpp"

namespace mullion::arch {

using csr::Csr;

/// Thrown where a hart would wait for an interrupt: its scene is over.
struct Asleep {};

template <Csr number>
std::uint64_t read() {
    auto& machine = modelled::machine;
    if constexpr (number == Csr::sip) {
        return machine.interrupts(machine.hart) ? csr::interrupt::se : 0;
    } else if constexpr (number == Csr::sie) {
        return machine.sie[machine.hart];
    }
    return 0;
}

template <Csr number>
void write(std::uint64_t value) {
    auto& machine = modelled::machine;
    if constexpr (number == Csr::siselect || number == Csr::vsiselect) {
        machine.select[machine.hart][number == Csr::vsiselect] = value;
    } else if constexpr (number == Csr::sireg || number == Csr::vsireg) {
        constexpr std::uint32_t file = number == Csr::vsireg;
        machine.access();
        machine.imsic.file(machine.hart, file).store(machine.select[machine.hart][file], value);
    }
}

template <Csr number>
void set_bits(std::uint64_t mask) {
    if constexpr (number == Csr::sie) {
        modelled::machine.sie[modelled::machine.hart] |= mask;
    }
}

template <Csr number>
void clear_bits(std::uint64_t) {}

template <Csr number>
std::uint64_t swap(std::uint64_t) {
    static_assert(number == Csr::stopei);
    auto& file = modelled::machine.imsic.file(modelled::machine.hart, 0);
    const auto identity = file.top();
    file.pending.erase(identity);
    return std::uint64_t{identity} << 16 | identity;
}

inline std::uint64_t now() {
    return modelled::machine.time;
}
[[noreturn]] inline void wait_for_interrupt() {
    throw Asleep{};
}
inline void pause() {
    ++modelled::machine.time;
}

}  // namespace mullion::arch
