// SPDX-License-Identifier: Apache-2.0
// Accesses supervisor CSRs by number (privileged manual, "CSR listing"; AIA 2.4), as the assembler does not know every
// name for every -march.
#pragma once

#include <cstdint>

namespace guest {

enum Csr : unsigned {
    sstatus = 0x100,
    sie = 0x104,
    stvec = 0x105,
    scounteren = 0x106,
    senvcfg = 0x10a,
    sscratch = 0x140,
    sepc = 0x141,
    scause = 0x142,
    stval = 0x143,
    sip = 0x144,
    stimecmp = 0x14d,
    siselect = 0x150,
    sireg = 0x151,
    stopei = 0x15c,
    satp = 0x180,
};

inline constexpr std::uint64_t sstatus_spp = 1 << 8;
inline constexpr std::uint64_t sstatus_sum = 1 << 18;
inline constexpr std::uint64_t sstatus_vs = 3 << 9;
inline constexpr std::uint64_t sstatus_fs = 3 << 13;

inline constexpr std::uint64_t software_interrupt = 1;  ///< bit of sip and sie, code of scause
inline constexpr std::uint64_t timer_interrupt = 5;
inline constexpr std::uint64_t external_interrupt = 9;

template <Csr N>
std::uint64_t read_csr() {
    std::uint64_t value = 0;
    asm volatile("csrr %0, %1" : "=r"(value) : "i"(N) : "memory");
    return value;
}

template <Csr N>
void write_csr(std::uint64_t value) {
    asm volatile("csrw %0, %1" ::"i"(N), "rK"(value) : "memory");
}

template <Csr N>
void set_csr(std::uint64_t bits) {
    asm volatile("csrs %0, %1" ::"i"(N), "rK"(bits) : "memory");
}

template <Csr N>
void clear_csr(std::uint64_t bits) {
    asm volatile("csrc %0, %1" ::"i"(N), "rK"(bits) : "memory");
}

/// Returns the time in ticks of the time base.
inline std::uint64_t now() {
    std::uint64_t value = 0;
    asm volatile("rdtime %0" : "=r"(value));
    return value;
}

}  // namespace guest
