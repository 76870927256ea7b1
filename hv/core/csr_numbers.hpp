// SPDX-License-Identifier: Apache-2.0
// CSR numbers and fields with the names of the privileged manual (hypervisor and supervisor chapters) and of AIA.
#pragma once

#include <cstdint>

namespace mullion::csr {

enum class Csr : unsigned {
    fcsr = 0x003,
    ssp = 0x011,
    sstatus = 0x100,
    sie = 0x104,
    stvec = 0x105,
    scounteren = 0x106,
    senvcfg = 0x10a,
    sstateen0 = 0x10c,
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
    vsstatus = 0x200,
    vsie = 0x204,
    vstvec = 0x205,
    vsscratch = 0x240,
    vsepc = 0x241,
    vscause = 0x242,
    vstval = 0x243,
    vsip = 0x244,
    vstimecmp = 0x24d,
    vsiselect = 0x250,
    vsireg = 0x251,
    vsatp = 0x280,
    hstatus = 0x600,
    hedeleg = 0x602,
    hideleg = 0x603,
    hie = 0x604,
    htimedelta = 0x605,
    hcounteren = 0x606,
    hgeie = 0x607,
    hvien = 0x608,
    hvictl = 0x609,
    henvcfg = 0x60a,
    hstateen0 = 0x60c,
    htval = 0x643,
    hip = 0x644,
    hvip = 0x645,
    hviprio1 = 0x646,
    hviprio2 = 0x647,
    htinst = 0x64a,
    hgatp = 0x680,
    time = 0xc01,
    scountovf = 0xda0,
    hgeip = 0xe12,
};

constexpr std::uint64_t field(unsigned shift, std::uint64_t value) {
    return value << shift;
}

namespace sstatus {
inline constexpr std::uint64_t sie = field(1, 1);
inline constexpr std::uint64_t spie = field(5, 1);
inline constexpr std::uint64_t spp = field(8, 1);
inline constexpr std::uint64_t vs_initial = field(9, 1);
inline constexpr std::uint64_t vs_dirty = field(9, 3);
inline constexpr std::uint64_t fs_initial = field(13, 1);
inline constexpr std::uint64_t fs_dirty = field(13, 3);
inline constexpr std::uint64_t spelp = field(23, 1);
inline constexpr std::uint64_t uxl_64 = field(32, 2);
}  // namespace sstatus

namespace hstatus {
inline constexpr std::uint64_t spv = field(7, 1);
inline constexpr std::uint64_t spvp = field(8, 1);
constexpr std::uint64_t vgein(std::uint64_t file) {
    return field(12, file);
}
inline constexpr std::uint64_t vsxl_64 = field(32, 2);
}  // namespace hstatus

namespace hgatp {
constexpr std::uint64_t vmid(std::uint64_t number) {
    return field(44, number);
}
inline constexpr std::uint64_t all_vmids = vmid(0x3fff);
}  // namespace hgatp

/// Bits of hip, hie, hvip and hideleg; of sip and sie for the supervisor level.
namespace interrupt {
inline constexpr std::uint64_t ss = field(1, 1);
inline constexpr std::uint64_t vss = field(2, 1);
inline constexpr std::uint64_t st = field(5, 1);
inline constexpr std::uint64_t vst = field(6, 1);
inline constexpr std::uint64_t se = field(9, 1);
inline constexpr std::uint64_t vse = field(10, 1);
inline constexpr std::uint64_t sge = field(12, 1);
inline constexpr std::uint64_t lcof = field(13, 1);  ///< the same bit at the VS level
}  // namespace interrupt

namespace cause {
inline constexpr std::uint64_t interrupt_bit = field(63, 1);
inline constexpr std::uint64_t supervisor_software = interrupt_bit | 1;
inline constexpr std::uint64_t supervisor_timer = interrupt_bit | 5;
inline constexpr std::uint64_t counter_overflow = interrupt_bit | 13;

inline constexpr std::uint64_t instruction_access = 1;
inline constexpr std::uint64_t illegal_instruction = 2;
inline constexpr std::uint64_t load_access = 5;
inline constexpr std::uint64_t store_access = 7;
inline constexpr std::uint64_t ecall_vs = 10;
inline constexpr std::uint64_t instruction_guest_page = 20;
inline constexpr std::uint64_t load_guest_page = 21;
inline constexpr std::uint64_t virtual_instruction = 22;
inline constexpr std::uint64_t store_guest_page = 23;
}  // namespace cause

/// The exceptions that are delegated to VS-mode, all that it can handle (hypervisor chapter, hedeleg): misaligned,
/// access faults, illegal instruction, breakpoint, ecall from U, page faults, software check, hardware error. Double
/// traps stay.
inline constexpr std::uint64_t hedeleg_all =
    0x1ff | field(12, 1) | field(13, 1) | field(15, 1) | field(18, 1) | field(19, 1);
inline constexpr std::uint64_t hideleg_all = interrupt::vss | interrupt::vst | interrupt::vse;

/// Registers behind siselect and vsiselect (AIA 3.8).
namespace imsic {
inline constexpr std::uint64_t eidelivery = 0x70;
inline constexpr std::uint64_t eithreshold = 0x72;
inline constexpr std::uint64_t eip0 = 0x80;
inline constexpr std::uint64_t eie0 = 0xc0;
}  // namespace imsic

}  // namespace mullion::csr
