// SPDX-License-Identifier: Apache-2.0
// CSR access by name. The assembler gets the number, so no -march needs the H extension.
#pragma once

#include "core/csr_numbers.hpp"

namespace mullion::arch {

using csr::Csr;

template <Csr number>
inline std::uint64_t read() {
    std::uint64_t value;
    asm volatile("csrr %0, %1" : "=r"(value) : "i"(static_cast<unsigned>(number)) : "memory");
    return value;
}

template <Csr number>
inline void write(std::uint64_t value) {
    asm volatile("csrw %0, %1" : : "i"(static_cast<unsigned>(number)), "rK"(value) : "memory");
}

template <Csr number>
inline void set_bits(std::uint64_t mask) {
    asm volatile("csrs %0, %1" : : "i"(static_cast<unsigned>(number)), "rK"(mask) : "memory");
}

template <Csr number>
inline void clear_bits(std::uint64_t mask) {
    asm volatile("csrc %0, %1" : : "i"(static_cast<unsigned>(number)), "rK"(mask) : "memory");
}

/// Writes `value` and returns what was there, in one instruction.
template <Csr number>
inline std::uint64_t swap(std::uint64_t value) {
    asm volatile("csrrw %0, %1, %2" : "=r"(value) : "i"(static_cast<unsigned>(number)), "r"(value) : "memory");
    return value;
}

inline std::uint64_t now() {
    return read<Csr::time>();
}
inline void wait_for_interrupt() {
    asm volatile("wfi" : : : "memory");
}
inline void pause() {
    asm volatile(".insn i 0x0f, 0, x0, x0, 0x010" : : : "memory");
}

}  // namespace mullion::arch
