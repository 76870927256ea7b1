// SPDX-License-Identifier: Apache-2.0
// Fences of the calling hart. Encodings by .insn, so that no -march needs the H extension.
#pragma once

#include <cstdint>

namespace mullion::arch {

inline void fence_i() {
    asm volatile("fence.i" : : : "memory");
}

/// Forgets all translations (hfence.gvma, hfence.vvma): after a change of hgatp, and at a guest hart's start.
inline void fence_guest_all() {
    asm volatile(
        ".insn r 0x73, 0, 0x31, x0, x0, x0\n\t"
        ".insn r 0x73, 0, 0x11, x0, x0, x0"
        :
        :
        : "memory");
}

/// Forgets all VS-stage translations of the current VMID (hfence.vvma).
inline void fence_vs_all() {
    asm volatile(".insn r 0x73, 0, 0x11, x0, x0, x0" : : : "memory");
}

/// Forgets those of one page.
inline void fence_vs_page(std::uint64_t at) {
    asm volatile(".insn r 0x73, 0, 0x11, x0, %0, x0" : : "r"(at) : "memory");
}

/// Forgets those of one address space.
inline void fence_vs_asid(std::uint64_t asid) {
    asm volatile(".insn r 0x73, 0, 0x11, x0, x0, %0" : : "r"(asid) : "memory");
}

/// Forgets those of one page in one address space.
inline void fence_vs_page_asid(std::uint64_t at, std::uint64_t asid) {
    asm volatile(".insn r 0x73, 0, 0x11, x0, %0, %1" : : "r"(at), "r"(asid) : "memory");
}

}  // namespace mullion::arch
