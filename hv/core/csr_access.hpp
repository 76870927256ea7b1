// SPDX-License-Identifier: Apache-2.0
// Decodes Zicsr instructions, so that accesses to CSRs that are emulated for a guest can be carried out.
#pragma once

#include <cstdint>
#include <optional>

namespace mullion {

/// A CSRRW, CSRRS or CSRRC, or an immediate form of these; all are 4 bytes long.
struct CsrAccess {
    std::uint32_t number = 0;  ///< 0..4095
    std::uint8_t rd = 0;       ///< takes the old value
    bool writes = true;        ///< false for CSRRS and CSRRC with x0 or an immediate of 0

    constexpr bool operator==(const CsrAccess&) const = default;
};

constexpr std::optional<CsrAccess> decode_csr_access(std::uint32_t instruction) {
    constexpr std::uint32_t system_opcode = 0b1110011;
    const auto funct3 = instruction >> 12 & 7;
    if ((instruction & 0x7f) != system_opcode || funct3 == 0 || funct3 == 4) {
        return std::nullopt;
    }
    const bool is_write = (funct3 & 3) == 1;
    const auto source = instruction >> 15 & 31;
    return CsrAccess{instruction >> 20, static_cast<std::uint8_t>(instruction >> 7 & 31), is_write || source != 0};
}

}  // namespace mullion
