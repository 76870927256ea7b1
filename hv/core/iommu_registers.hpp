// SPDX-License-Identifier: Apache-2.0
// The registers of an IOMMU, its commands and its fault records (RISC-V IOMMU, "Memory-mapped register interface" and
// "In-memory queue interface").
#pragma once

#include <array>
#include <cstdint>

#include "core/address.hpp"

namespace mullion::iommu {

// Offsets. Of 64 bits:
inline constexpr std::uint32_t capabilities = 0;
inline constexpr std::uint32_t ddtp = 16;
inline constexpr std::uint32_t cqb = 24;
inline constexpr std::uint32_t fqb = 40;
inline constexpr std::uint32_t icvec = 760;
inline constexpr std::uint32_t msi_address = 768;  ///< of vector 0
// Of 32 bits:
inline constexpr std::uint32_t msi_data = 776;
inline constexpr std::uint32_t msi_control = 780;  ///< bit 0: masked
inline constexpr std::uint32_t fctl = 8;
inline constexpr std::uint32_t cqh = 32;
inline constexpr std::uint32_t cqt = 36;
inline constexpr std::uint32_t fqh = 48;
inline constexpr std::uint32_t fqt = 52;
inline constexpr std::uint32_t cqcsr = 72;
inline constexpr std::uint32_t fqcsr = 76;
inline constexpr std::uint32_t pqcsr = 80;
inline constexpr std::uint32_t ipsr = 84;

/// Of capabilities: the version's major number.
constexpr std::uint64_t major_version(std::uint64_t value) {
    return value >> 4 & 0xf;
}

/// Of capabilities: whether contexts have the extended format (MSI_FLAT), and whether the IOMMU has the G-stage mode
/// that hgatp.MODE has this value for: 8 Sv39x4, 9 Sv48x4, 10 Sv57x4.
inline constexpr std::uint64_t msi_flat = 1u << 22;
constexpr std::uint64_t has_g_stage(std::uint64_t mode) {
    return std::uint64_t{1} << (mode + 9);
}

/// Of capabilities: whether the IOMMU can interrupt by messages (IGS: 0 by these alone, 1 by wires alone, 2 by both).
constexpr bool has_messages(std::uint64_t value) {
    constexpr std::uint64_t wires_alone = 1;
    return (value >> 28 & 3) != wires_alone;
}

/// Of fctl: structures in memory are big-endian; interrupts are by wires; guests' addresses are of 32-bit modes.
inline constexpr std::uint32_t fctl_be = 1u << 0;
inline constexpr std::uint32_t fctl_wsi = 1u << 1;
inline constexpr std::uint32_t fctl_gxl = 1u << 2;

/// Of ddtp. Mode 0 is Off.
inline constexpr std::uint64_t ddtp_mode = 0xf;
inline constexpr std::uint64_t ddtp_3lvl = 4;
inline constexpr std::uint64_t ddtp_busy = 1u << 4;

/// Of cqcsr, fqcsr and pqcsr.
inline constexpr std::uint32_t queue_enable = 1u << 0;
inline constexpr std::uint32_t queue_on = 1u << 16;
inline constexpr std::uint32_t queue_busy = 1u << 17;
/// Of cqcsr, fqcsr and pqcsr: the queue may interrupt.
inline constexpr std::uint32_t queue_interrupt = 1u << 1;
/// Of ipsr: the fault queue has interrupted; cleared by writing 1.
inline constexpr std::uint32_t fault_pending = 1u << 1;
/// Of fqcsr: a record was lost for want of room, and all since; cleared by writing 1.
inline constexpr std::uint32_t fqof = 1u << 9;

/// Returns ddtp, cqb or fqb without what is in its low bits. Requires: `at` is page aligned.
constexpr std::uint64_t ppn_field(Hpa at) {
    return at.value >> 12 << 10;
}

/// Returns cqb or fqb for a queue of `1 << log2_entries` entries, which is a page at most.
constexpr std::uint64_t queue_base(Hpa at, unsigned log2_entries) {
    return ppn_field(at) | (log2_entries - 1);
}

struct Command {
    std::array<std::uint64_t, 2> words{};
};

/// Forgets every entry of the device directory.
inline constexpr Command inval_ddt{{3, 0}};
/// Forgets every second-stage translation.
inline constexpr Command inval_gvma{{1 | 1u << 7, 0}};
/// Completes once all commands before it have, and once all see the effect of devices' accesses that were let through
/// (PR, PW). It has completed when cqh is past it.
inline constexpr Command fence_all{{2 | 1u << 12 | 1u << 13, 0}};

struct FaultRecord {
    std::uint64_t first = 0;
    std::uint64_t rest[3]{};
};

/// Returns the device's id from the first word of a fault record.
constexpr std::uint32_t device_of(std::uint64_t first) {
    return static_cast<std::uint32_t>(first >> 40);
}

}  // namespace mullion::iommu
