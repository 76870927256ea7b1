// SPDX-License-Identifier: Apache-2.0
// Accesses the interrupt controllers of AIA, the 16550 and others, as several cases need it.
#pragma once

#include <cstdint>

#include "common/csr.hpp"
#include "common/mmio.hpp"
#include "probe/hart.hpp"

namespace probe {

/// A hart's own interrupt file (AIA chapter 3), by siselect and sireg.
namespace imsic {

enum Register : std::uint64_t { eidelivery = 0x70, eithreshold = 0x72, eip0 = 0x80, eie0 = 0xc0 };

inline std::uint64_t read(std::uint64_t which) {
    write_csr<siselect>(which);
    return read_csr<sireg>();
}
inline void write(std::uint64_t which, std::uint64_t value) {
    write_csr<siselect>(which);
    write_csr<sireg>(value);
}

/// Resets the file: nothing enabled or pending, delivery on.
void clear();
void enable(std::uint64_t identity);
bool is_pending(std::uint64_t identity);
/// Returns the pending and enabled identity of highest priority (stopei), 0 for none.
std::uint64_t top();
/// Claims top() and returns it.
std::uint64_t claim();
/// Returns the address of a hart's file; a 32-bit write of an identity there makes it pending (seteipnum_le, AIA 3.5).
std::uint64_t file(std::uint64_t hart);
inline void send(std::uint64_t hart, std::uint32_t identity) {
    write_register<std::uint32_t>(file(hart), identity);
}

}  // namespace imsic

/// The interrupt domain (AIA 4.5), by offset.
namespace aplic {

enum Register : std::uint64_t {
    domaincfg = 0x0000,
    sourcecfg = 0x0000,  ///< + 4 * source
    setip = 0x1c00,
    setipnum = 0x1cdc,
    in_clrip = 0x1d00,
    clripnum = 0x1ddc,
    setie = 0x1e00,
    setienum = 0x1edc,
    clrie = 0x1f00,
    clrienum = 0x1fdc,
    setipnum_le = 0x2000,
    genmsi = 0x3000,
    target = 0x3000  ///< + 4 * source
};

inline constexpr std::uint32_t enable_and_msi = 0x104;  ///< domaincfg.IE, DM
inline constexpr std::uint32_t detached = 1, edge_rising = 4, level_high = 6;

inline std::uint32_t read(std::uint64_t offset) {
    return read_register<std::uint32_t>(machine().aplic.base + offset);
}
inline void write(std::uint64_t offset, std::uint32_t value) {
    write_register<std::uint32_t>(machine().aplic.base + offset, value);
}

/// Returns the value for target and genmsi.
constexpr std::uint32_t to(std::uint64_t hart, std::uint32_t identity) {
    return static_cast<std::uint32_t>(hart) << 18 | identity;
}
/// Routes a source as an MSI to the hart's identity, which the hart must enable.
void route(std::uint32_t source, std::uint32_t mode, std::uint64_t hart, std::uint32_t identity);
void unroute(std::uint32_t source);

}  // namespace aplic

/// Sets the goldfish RTC's alarm.
namespace rtc {

/// Sets the alarm. It is raised by the time that this returns if nothing is ahead, and at any later time otherwise.
void set_alarm(std::uint64_t nanoseconds_ahead);
void enable(bool enabled);

/// Takes back the alarm and its interrupt.
void clear();

}  // namespace rtc

namespace uart {

enum Register : std::uint64_t { data, ier, iir_fcr, lcr, mcr, lsr, msr, scratch };

inline std::uint8_t read(Register which) {
    return read_register<std::uint8_t>(machine().uart.base + which);
}
inline void write(Register which, std::uint8_t value) {
    write_register<std::uint8_t>(machine().uart.base + which, value);
}

/// Returns LSR.THRE.
inline bool is_transmitter_empty() {
    return (read(lsr) & 0x20) != 0;
}

}  // namespace uart

/// The watchdog of Allwinner's A31.
namespace watchdog {

enum Register : std::uint64_t { irq_en = 0x00, irq_sta = 0x04, ctrl = 0x10, cfg = 0x14, mode = 0x18 };

/// Returns the watchdog, with size 0 if the guest has none.
inline Device device() {
    return machine().device("allwinner,sun6i-a31-wdt");
}
inline std::uint32_t read(Register which) {
    return read_register<std::uint32_t>(device().base + which);
}
inline void write(Register which, std::uint32_t value) {
    write_register<std::uint32_t>(device().base + which, value);
}

}  // namespace watchdog
}  // namespace probe
