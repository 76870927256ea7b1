// SPDX-License-Identifier: Apache-2.0
// Decides about ISA extensions in one table: which control opens them to a guest, and whether a guest's device tree may
// name them. An extension that is not listed is unprivileged or needs no control, and passes to the guest unchanged.
// Sources: RISC-V privileged manual (henvcfg, hstateen0), AIA 2.5 (hstateen0 bits 58-60).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/henvcfg.hpp"

namespace mullion {

/// Index into `extensions`; the bit of the same number stands for it in Features.
enum class Extension : std::uint8_t {
    sstc,
    svpbmt,
    svadu,
    svade,
    zicbom,
    zicboz,
    ssaia,
    smstateen,
    ssstateen,
    h,
    d,
    v,
    zve32x,
    zknh,
    sscofpmf,
    zicfilp,
    zicfiss,
    ssdbltrp,
    ssnpm,
    smctr,
    ssctr,
    ssccfg,
    sscsrind,
    ssqosid,
    sdtrig,
    zkr,
    zk,
    zcmt,
    count
};

struct Features {
    std::uint64_t bits = 0;

    constexpr bool operator==(const Features&) const = default;
    constexpr bool has(Extension e) const { return (bits >> static_cast<unsigned>(e) & 1) != 0; }
    constexpr Features without(Extension e) const { return {bits & ~(std::uint64_t{1} << static_cast<unsigned>(e))}; }
    constexpr Features with(Extension e) const { return {bits | std::uint64_t{1} << static_cast<unsigned>(e)}; }
};

struct ExtensionRule {
    std::string_view name;        ///< as in riscv,isa-extensions
    bool guest = false;           ///< a guest's tree may name it
    std::uint64_t henvcfg = 0;    ///< bits of henvcfg that open it
    std::uint64_t hstateen0 = 0;  ///< bits of hstateen0 that open it, where the hart has Smstateen
};

inline constexpr std::uint64_t bit(unsigned n) {
    return std::uint64_t{1} << n;
}

inline constexpr std::array<ExtensionRule, static_cast<unsigned>(Extension::count)> extensions{{
    {"sstc", true, bit(63), 0},    // henvcfg.STCE
    {"svpbmt", true, bit(62), 0},  // henvcfg.PBMTE
    {"svadu", true, henvcfg::adue, 0},
    {"svade", true, 0, 0},  //
    // henvcfg.CBIE = 01, CBCFE: cbo.inval flushes. If it invalidated, a guest could discard the zeros that its memory
    // was cleared with, and read from RAM what an earlier life left.
    {"zicbom", true, bit(4) | bit(6), bit(62)},
    {"zicboz", true, bit(7), bit(62)},                // henvcfg.CBZE
    {"ssaia", true, 0, bit(58) | bit(59) | bit(60)},  // IMSIC, AIA, CSRIND
    {"smstateen", false, 0, bit(62)},                 // machine level; senvcfg belongs to the guest
    {"ssstateen", true, 0, bit(62) | bit(63)},        // ENVCFG; SE0: sstateen0
    {"h", false, 0, 0},                               // no nested virtualization
    {"d", true, 0, 0},                                //
    {"v", true, 0, 0},                                //
    {"zve32x", true, 0, 0},                           // the smallest of Zve*, which have V's registers
    {"zknh", true, 0, 0},                             // Mullion uses it, too
    {"sscofpmf", true, 0, 0},                         // hideleg or hvien (arch/guest_hart.hpp)
    {"zicfilp", true, henvcfg::lpe, 0},               //
    {"zicfiss", false, 0, 0},                         // menvcfg.SSE is firmware's
    {"ssdbltrp", false, 0, 0},                        // menvcfg.DTE is firmware's
    {"ssnpm", true, henvcfg::pmm, 0},                 //
    {"smctr", false, 0, 0},                           // control transfer records are not switched on
    {"ssctr", false, 0, 0},                           //
    {"ssccfg", false, 0, 0},                          // counter delegation: guests ask the SBI
    {"sscsrind", true, 0, bit(60)},                   // CSRIND, where there is no Ssaia, too
    {"ssqosid", false, 0, 0},                         // srmcfg traps in VS-mode
    {"sdtrig", false, 0, 0},                          // debug triggers are the firmware's (SBI DBTR is not offered)
    {"zkr", false, 0, 0},                             // seed traps in VS-mode (mseccfg.SSEED is firmware's)
    {"zk", false, 0, 0},    // Zkn, Zkt and Zkr: the guest has those of them that the tree names beside it
    {"zcmt", false, 0, 0},  // its jvt is behind hstateen0.JVT, which stays closed
}};

constexpr std::optional<Extension> find_extension(std::string_view name) {
    for (unsigned i = 0; i < extensions.size(); ++i) {
        if (extensions[i].name == name) {
            return static_cast<Extension>(i);
        }
    }
    return std::nullopt;
}

/// Returns whether a guest's tree may name an extension that its harts declare. Machine-level (sm*) and
/// hypervisor-level (h, sh*) extensions are never a guest's.
constexpr bool guest_may_have(std::string_view name) {
    if (const auto listed = find_extension(name)) {
        return extensions[static_cast<unsigned>(*listed)].guest;
    }
    return !name.starts_with("sm") && !name.starts_with("sh");
}

/// Returns the bits of henvcfg that a hart with these features may have set. A guest's hart starts with
/// henvcfg::features clear; so it behaves as Svade says until the guest asks for Svadu (binding:
/// riscv/extensions.yaml).
constexpr std::uint64_t henvcfg_of(Features features) {
    std::uint64_t value = 0;
    for (unsigned i = 0; i < extensions.size(); ++i) {
        if (features.has(static_cast<Extension>(i))) {
            value |= extensions[i].henvcfg;
        }
    }
    return value;
}

/// Returns whether the hart declares vector registers, all of V or a part of it.
constexpr bool has_vectors(Features features) {
    return features.has(Extension::v) || features.has(Extension::zve32x);
}

/// Returns whether the hart has hstateen0. Ssstateen, the supervisor's view of Smstateen, is enough: some trees name
/// only that.
constexpr bool has_state_enables(Features features) {
    return features.has(Extension::smstateen) || features.has(Extension::ssstateen);
}

/// Returns the bits of hstateen0 to set; with Smstateen in `features` senvcfg is the guest's, too. Requires:
/// has_state_enables().
constexpr std::uint64_t hstateen0_of(Features features) {
    std::uint64_t value = 0;
    for (unsigned i = 0; i < extensions.size(); ++i) {
        if (features.has(static_cast<Extension>(i))) {
            value |= extensions[i].hstateen0;
        }
    }
    return value;
}

}  // namespace mullion
