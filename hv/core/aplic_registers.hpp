// SPDX-License-Identifier: Apache-2.0
// The registers of one interrupt domain of an APLIC, by their names in the AIA specification (section numbers are of
// version 1.0). All are 32 bits wide and naturally aligned. Registers that only machine-level domains have (mmsiaddrcfg
// and the like) are left out: Mullion uses none of them.
#pragma once

#include <cstdint>
#include <optional>

namespace mullion {

/// Offsets in the control region (AIA 4.5). An array is named by its first element.
enum class AplicRegister : std::uint32_t {
    domaincfg = 0x0000,
    sourcecfg = 0x0004,    ///< [1..1023]
    setip = 0x1c00,        ///< [0..31], a bit a source
    setipnum = 0x1cdc,     //
    in_clrip = 0x1d00,     ///< [0..31]
    clripnum = 0x1ddc,     //
    setie = 0x1e00,        ///< [0..31]
    setienum = 0x1edc,     //
    clrie = 0x1f00,        ///< [0..31]
    clrienum = 0x1fdc,     //
    setipnum_le = 0x2000,  //
    setipnum_be = 0x2004,  //
    genmsi = 0x3000,       //
    target = 0x3004,       ///< [1..1023]
};

inline constexpr std::uint32_t max_source = 1023;             ///< AIA 4.1; a PLIC's, too
inline constexpr std::uint32_t aplic_word_count = 32;         ///< elements of setip, in_clrip, setie and clrie
inline constexpr std::uint32_t aplic_hart_limit = 1U << 14U;  ///< hart indices are below (AIA 4.3)

/// Returns the offset of `array[source]`, for sourcecfg and target. Requires: `source` is 1..1023.
constexpr std::uint32_t aplic_offset_of_source(AplicRegister array, std::uint32_t source) {
    return static_cast<std::uint32_t>(array) + 4 * (source - 1);
}

/// Returns the offset of `array[word]`, for setip, in_clrip, setie and clrie. Requires: `word` is 0..31.
constexpr std::uint32_t aplic_offset_of_word(AplicRegister array, std::uint32_t word) {
    return static_cast<std::uint32_t>(array) + 4 * word;
}

/// Returns the source whose target register is at `offset`, 0 if there is none. Requires: `offset` is a multiple of 4.
constexpr std::uint32_t aplic_target_index(std::uint32_t offset) {
    const auto index = (offset - static_cast<std::uint32_t>(AplicRegister::genmsi)) / 4;  // large below genmsi
    return index <= max_source ? index : 0;
}

/// A register, and of an array its element: numbered by source for sourcecfg and target, by word for the others.
struct AplicLocation {
    AplicRegister reg{};
    std::uint32_t index = 0;

    constexpr bool operator==(const AplicLocation&) const = default;
};

/// Returns the register at `offset`, nothing if the offset is reserved. Requires: `offset` is a multiple of 4.
constexpr std::optional<AplicLocation> locate_aplic_register(std::uint32_t offset) {
    // The map is regular: a page for each of the four groups, and in the second page a bank of 256 bytes for each kind
    // of bit, its array first and its by-number register at 0xdc.
    constexpr std::uint32_t bank_bytes = 0x100;
    constexpr std::uint32_t by_number = 0xdc;
    const auto at_page = offset % 0x1000;
    const auto at_bank = offset % bank_bytes;
    switch (offset / 0x1000) {
        case 0:
            return at_page == 0 ? AplicLocation{AplicRegister::domaincfg, 0}
                                : AplicLocation{AplicRegister::sourcecfg, at_page / 4};
        case 1:
            if (offset < static_cast<std::uint32_t>(AplicRegister::setip)) {
                return std::nullopt;
            }
            if (at_bank < 4 * aplic_word_count) {
                return AplicLocation{static_cast<AplicRegister>(offset - at_bank), at_bank / 4};
            }
            return at_bank == by_number ? std::optional{AplicLocation{static_cast<AplicRegister>(offset), 0}}
                                        : std::nullopt;
        case 2:
            return at_page <= 4 ? std::optional{AplicLocation{static_cast<AplicRegister>(offset), 0}} : std::nullopt;
        case 3:
            return at_page == 0 ? AplicLocation{AplicRegister::genmsi, 0}
                                : AplicLocation{AplicRegister::target, at_page / 4};
        default:
            return std::nullopt;
    }
}

/// Fields of domaincfg (AIA 4.5.1).
namespace domaincfg {
inline constexpr std::uint32_t fixed = 0x80U << 24;  ///< bits 31:24, read-only
inline constexpr std::uint32_t ie = 1U << 8;         ///< interrupts are delivered
inline constexpr std::uint32_t dm = 1U << 2;         ///< MSI delivery mode
inline constexpr std::uint32_t be = 1U << 0;         ///< big-endian
}  // namespace domaincfg

/// sourcecfg.D: delegated to a child domain (AIA 4.5.2).
inline constexpr std::uint32_t sourcecfg_delegate = 1U << 10;

/// sourcecfg.SM, the source mode (AIA 4.5.2).
enum class SourceMode : std::uint8_t {
    inactive = 0,
    detached = 1,
    edge1 = 4,   ///< rising edge
    edge0 = 5,   ///< falling edge
    level1 = 6,  ///< high level
    level0 = 7,  ///< low level
};

constexpr bool is_level(SourceMode mode) {
    return mode == SourceMode::level1 || mode == SourceMode::level0;
}
constexpr bool is_edge(SourceMode mode) {
    return mode == SourceMode::edge1 || mode == SourceMode::edge0;
}

/// Returns the mode that writing `value` to sourcecfg selects in a domain without children. There a set D makes the
/// whole register zero (AIA 4.5.2); so do the reserved modes 2 and 3 here, as SM is WARL.
constexpr SourceMode source_mode(std::uint32_t value) {
    const auto sm = value & 7;
    const bool reserved = sm == 2 || sm == 3;
    return (value & sourcecfg_delegate) != 0 || reserved ? SourceMode::inactive : static_cast<SourceMode>(sm);
}

/// Returns the rectified input value of a wire (AIA 4.5.2); false while the source is inactive or detached.
constexpr bool rectified_input(SourceMode mode, bool wire) {
    const bool inverted = mode == SourceMode::edge0 || mode == SourceMode::level0;
    return (is_edge(mode) || is_level(mode)) && wire != inverted;
}

/// genmsi.Busy: an MSI is yet to be sent (AIA 4.5.15).
inline constexpr std::uint32_t genmsi_busy = 1U << 12;

/// A target register in MSI delivery mode (AIA 4.5.16). genmsi has the hart index and EIID in the same bits.
struct AplicTarget {
    std::uint32_t hart = 0;         ///< bits 31:18, hart index
    std::uint32_t guest_index = 0;  ///< bits 17:12, guest interrupt file; 0 is the supervisor-level file
    std::uint32_t eiid = 0;         ///< bits 10:0, external interrupt identity

    constexpr bool operator==(const AplicTarget&) const = default;
    constexpr std::uint32_t bits() const { return hart << 18 | guest_index << 12 | eiid; }
    static constexpr AplicTarget of(std::uint32_t bits) { return {bits >> 18, bits >> 12 & 0x3f, bits & 0x7ff}; }
};

/// Returns a target register's value in direct delivery mode (AIA 4.5.16): the hart index in bits 31:18, the priority
/// in bits 7:0, 1 being the highest.
constexpr std::uint32_t direct_target(std::uint32_t hart, std::uint32_t priority) {
    return hart << 18 | priority;
}

/// Interrupt delivery control (IDC) structures: offsets in the control region, one structure for each hart index (AIA
/// 4.8).
namespace idc {
inline constexpr std::uint32_t structures = 0x4000;  ///< [hart index]
inline constexpr std::uint32_t bytes = 32;           ///< of one

// Offsets in a structure.
inline constexpr std::uint32_t idelivery = 0x00;
inline constexpr std::uint32_t iforce = 0x04;
inline constexpr std::uint32_t ithreshold = 0x08;
inline constexpr std::uint32_t claimi = 0x1c;

inline constexpr unsigned identity_shift = 16;  ///< of the source in claimi

constexpr std::uint32_t offset(std::uint32_t hart, std::uint32_t reg) {
    return structures + hart * bytes + reg;
}
}  // namespace idc

}  // namespace mullion
