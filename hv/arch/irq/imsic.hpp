// SPDX-License-Identifier: Apache-2.0
// Interrupt files of an IMSIC (AIA 3): the calling hart's own, and messages to those of others.
#pragma once

#include <cstdint>

#include "arch/csr.hpp"
#include "arch/memory.hpp"
#include "arch/mmio.hpp"
#include "arch/order.hpp"
#include "core/imsic_layout.hpp"

namespace mullion::arch::irq::imsic {

namespace reg = csr::imsic;

inline constexpr unsigned identities_per_register = 64;  // RV64 has only the even-numbered registers (AIA 3.8.3)

inline void write_own(std::uint64_t which, std::uint64_t value) {
    write<Csr::siselect>(which);
    write<Csr::sireg>(value);
}

inline void write_guest(std::uint64_t which, std::uint64_t value) {
    write<Csr::vsiselect>(which);
    write<Csr::vsireg>(value);
}

/// Sends an identity to a hart's interrupt file (0: its supervisor-level file), after all that the caller did before.
inline void send(const Imsic& imsic, const Hart& to, std::uint32_t file, std::uint32_t identity) {
    order::before_message();
    store<std::uint32_t>(interrupt_file(imsic, to.imsic_index, file), identity);
}

/// Counts the registers of an array for identities up to `num_ids`.
constexpr unsigned registers_for(std::uint32_t num_ids) {
    return num_ids / identities_per_register + 1;
}

/// Has the calling hart's supervisor-level file deliver these of the identities 0 to 63, a bit each, and no others.
inline void enable_own(const Imsic& imsic, std::uint64_t identities) {
    for (unsigned i = 0; i < registers_for(imsic.num_ids); ++i) {
        write_own(reg::eip0 + 2 * i, 0);
        write_own(reg::eie0 + 2 * i, 0);
    }
    write_own(reg::eie0, identities);
    write_own(reg::eithreshold, 0);
    write_own(reg::eidelivery, 1);
}

/// Leaves the calling hart's guest interrupt file as after reset: nothing pending, enabled or delivered.
inline void reset_guest(const Imsic& imsic) {
    write_guest(reg::eidelivery, 0);
    write_guest(reg::eithreshold, 0);
    for (unsigned i = 0; i < registers_for(imsic.num_guest_ids); ++i) {
        write_guest(reg::eie0 + 2 * i, 0);
        write_guest(reg::eip0 + 2 * i, 0);
    }
    write<Csr::vsiselect>(0);
}

/// Returns whether `identity` is pending in a file of the calling hart's, and clears it, by `clear`. Of one that the
/// file does not have the bit reads 0 (AIA 3.8.3), and some harts trap (QEMU's); all do where firmware withholds AIA's
/// CSRs (mstateen0).
template <bool clear(std::uint64_t, std::uint64_t)>
[[gnu::noinline]] bool take(std::uint32_t identity) {
    return clear(reg::eip0 + 2 * (identity / identities_per_register),
                 std::uint64_t{1} << identity % identities_per_register);
}
inline bool take_from_own(std::uint32_t identity) {
    return take<clear_sireg>(identity);
}
inline bool take_from_guest(std::uint32_t identity) {
    return take<clear_vsireg>(identity);
}

/// Counts the calling hart's guest interrupt files (GEILEN; hypervisor chapter, hgeie).
inline unsigned count_guest_files() {
    const auto enabled = read<Csr::hgeie>();
    write<Csr::hgeie>(~std::uint64_t{0});
    const auto writable = read<Csr::hgeie>();
    write<Csr::hgeie>(enabled);
    unsigned count = 0;
    while ((writable >> (count + 1) & 1) != 0) {
        ++count;
    }
    return count;
}

}  // namespace mullion::arch::irq::imsic
