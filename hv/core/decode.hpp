// SPDX-License-Identifier: Apache-2.0
// Decodes loads and stores of RV64 integer registers, so that accesses to emulated devices can be carried out. Other
// instructions that access memory (floating point, atomics, vector, cache blocks) are not decoded on purpose: no
// emulated device supports them, and the caller answers with an access fault, as a bus would. It does the same for an
// access that is only partly within a device (begin_in_page).
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "core/address.hpp"

namespace mullion {

/// One load or store, without its address, which comes from the trap.
struct MemoryAccess {
    bool store = false;
    std::uint8_t bytes = 0;    ///< 1, 2, 4 or 8
    bool sign_extend = false;  ///< of loads; false for stores
    std::uint8_t reg = 0;      ///< 0..31: rd of a load (x0: the value is dropped), rs2 of a store
    std::uint8_t length = 0;   ///< of the original instruction in bytes, 2 or 4: sepc advances by it

    constexpr bool operator==(const MemoryAccess&) const = default;
};

/// Returns the length in bytes, 2 or 4, of the instruction whose first halfword is `first` (unprivileged ISA, "Base
/// Instruction-Length Encoding").
constexpr unsigned instruction_length(std::uint16_t first) {
    return (first & 3) == 3 ? 4 : 2;
}

/// Returns the value that a load writes to its register if the device answers `raw`, of which the low `access.bytes`
/// bytes count.
constexpr std::uint64_t loaded_value(const MemoryAccess& access, std::uint64_t raw) {
    const unsigned unused = 64 - 8 * access.bytes;
    const auto top = raw << unused;
    return access.sign_extend ? static_cast<std::uint64_t>(static_cast<std::int64_t>(top) >> unused) : top >> unused;
}

namespace decode_detail {

/// Widths as LOAD and STORE encode them in funct3: log2 of the bytes, plus 4 for a zero-extending load.
enum Width : unsigned { byte, half, word, double_word, byte_unsigned, half_unsigned, word_unsigned, reserved };

constexpr MemoryAccess load(unsigned width, unsigned rd, unsigned length) {
    return {.store = false,
            .bytes = static_cast<std::uint8_t>(1 << (width & 3)),
            .sign_extend = width < byte_unsigned,
            .reg = static_cast<std::uint8_t>(rd),
            .length = static_cast<std::uint8_t>(length)};
}

constexpr MemoryAccess store(unsigned width, unsigned rs2, unsigned length) {
    return {.store = true,
            .bytes = static_cast<std::uint8_t>(1 << width),
            .sign_extend = false,
            .reg = static_cast<std::uint8_t>(rs2),
            .length = static_cast<std::uint8_t>(length)};
}

/// Decodes a 32-bit load or store. `length` is that of the original, as htinst holds compressed ones in this form, too.
constexpr std::optional<MemoryAccess> decode_standard(std::uint32_t instruction, unsigned length) {
    constexpr std::uint32_t load_opcode = 0b0000011;
    constexpr std::uint32_t store_opcode = 0b0100011;
    const unsigned width = instruction >> 12 & 7;
    switch (instruction & 0x7f) {
        case load_opcode:
            return width != reserved ? std::optional{load(width, instruction >> 7 & 31, length)} : std::nullopt;
        case store_opcode:
            return width <= double_word ? std::optional{store(width, instruction >> 20 & 31, length)} : std::nullopt;
        default:
            return std::nullopt;
    }
}

/// Decodes Zcb: quadrant 0, funct3 100. Bits 12:10 select the instruction, and bit 6 one of two for halfwords.
constexpr std::optional<MemoryAccess> decode_zcb(std::uint16_t code) {
    const unsigned reg = 8 + (code >> 2 & 7);
    const bool bit6 = (code >> 6 & 1) != 0;
    switch (code >> 10 & 7) {
        case 0b000:
            return load(byte_unsigned, reg, 2);
        case 0b001:
            return load(bit6 ? half : half_unsigned, reg, 2);
        case 0b010:
            return store(byte, reg, 2);
        case 0b011:
            return bit6 ? std::nullopt : std::optional{store(half, reg, 2)};
        default:
            return std::nullopt;
    }
}

constexpr std::optional<MemoryAccess> decode_compressed(std::uint16_t code) {
    const unsigned short_reg = 8 + (code >> 2 & 7);  // rd' and rs2': x8..x15
    const unsigned rd = code >> 7 & 31;
    const unsigned rs2 = code >> 2 & 31;
    switch ((code >> 13) << 2 | (code & 3)) {
        case 0b010'00:  // C.LW
            return load(word, short_reg, 2);
        case 0b011'00:  // C.LD
            return load(double_word, short_reg, 2);
        case 0b100'00:
            return decode_zcb(code);
        case 0b110'00:  // C.SW
            return store(word, short_reg, 2);
        case 0b111'00:  // C.SD
            return store(double_word, short_reg, 2);
        case 0b010'10:  // C.LWSP; rd = x0 is reserved
            return rd != 0 ? std::optional{load(word, rd, 2)} : std::nullopt;
        case 0b011'10:  // C.LDSP; rd = x0 is reserved
            return rd != 0 ? std::optional{load(double_word, rd, 2)} : std::nullopt;
        case 0b110'10:  // C.SWSP
            return store(word, rs2, 2);
        case 0b111'10:  // C.SDSP
            return store(double_word, rs2, 2);
        default:
            return std::nullopt;
    }
}

/// Returns `count` bits of `code` from bit `from` on, moved to bit `to`.
constexpr unsigned field(unsigned code, unsigned from, unsigned count, unsigned to) {
    return (code >> from & ((1U << count) - 1)) << to;
}

using Registers = std::array<std::uint64_t, 32>;

constexpr std::uint64_t standard_address(std::uint32_t instruction, const Registers& gpr) {
    const bool is_store = (instruction & 0x20) != 0;
    const auto high = static_cast<std::int32_t>(instruction) >> 25;  // sign-extended
    const auto low = is_store ? instruction >> 7 & 31 : instruction >> 20 & 31;
    return gpr[instruction >> 15 & 31] + (static_cast<std::uint64_t>(std::int64_t{high}) << 5 | low);
}

/// Returns the address that a compressed instruction accesses. Offsets are unsigned and scaled by the width.
constexpr std::uint64_t compressed_address(std::uint16_t code, const Registers& gpr) {
    constexpr unsigned stack_pointer = 2;
    const auto of_register = [&](unsigned offset) { return gpr[8 + (code >> 7 & 7)] + offset; };
    const auto of_stack = [&](unsigned offset) { return gpr[stack_pointer] + offset; };
    switch ((code >> 13) << 2 | (code & 3)) {
        case 0b010'00:  // C.LW
        case 0b110'00:  // C.SW
            return of_register(field(code, 10, 3, 3) | field(code, 6, 1, 2) | field(code, 5, 1, 6));
        case 0b011'00:  // C.LD
        case 0b111'00:  // C.SD
            return of_register(field(code, 10, 3, 3) | field(code, 5, 2, 6));
        case 0b010'10:  // C.LWSP
            return of_stack(field(code, 12, 1, 5) | field(code, 4, 3, 2) | field(code, 2, 2, 6));
        case 0b011'10:  // C.LDSP
            return of_stack(field(code, 12, 1, 5) | field(code, 5, 2, 3) | field(code, 2, 3, 6));
        case 0b110'10:  // C.SWSP
            return of_stack(field(code, 9, 4, 2) | field(code, 7, 2, 6));
        case 0b111'10:  // C.SDSP
            return of_stack(field(code, 10, 3, 3) | field(code, 7, 3, 6));
        default:  // Zcb: of bytes, and of halfwords, where bit 6 tells the instruction
            return of_register((code >> 10 & 1) != 0 ? field(code, 5, 1, 1)
                                                     : field(code, 6, 1, 0) | field(code, 5, 1, 1));
    }
}

}  // namespace decode_detail

/// Decodes an instruction as it stands in memory; of a 16-bit one only the low half of `instruction` counts.
constexpr std::optional<MemoryAccess> decode(std::uint32_t instruction) {
    const auto first = static_cast<std::uint16_t>(instruction);
    return instruction_length(first) == 2 ? decode_detail::decode_compressed(first)
                                          : decode_detail::decode_standard(instruction, 4);
}

/// Returns the address that an instruction accesses with the registers `gpr` (unprivileged ISA, "Load and Store
/// Instructions", "C" and "Zcb"). Only its bits within a page are good for anything, as pointer masking changes the
/// upper ones. Requires: decode() accepts the instruction.
constexpr std::uint64_t effective_address(std::uint32_t instruction, const std::array<std::uint64_t, 32>& gpr) {
    const auto first = static_cast<std::uint16_t>(instruction);
    return instruction_length(first) == 2 ? decode_detail::compressed_address(first, gpr)
                                          : decode_detail::standard_address(instruction, gpr);
}

/// Returns the guest physical address of the access's first byte, if the byte at `fault`, `before` bytes after the
/// first, faulted. Returns nothing if the access crosses a page, as the neighbouring page may be mapped to anything, or
/// if `before` is outside the access, as happens when the guest has replaced the instruction meanwhile.
constexpr std::optional<Gpa> begin_in_page(const MemoryAccess& access, Gpa fault, std::uint64_t before) {
    const auto in_page = fault.value % page_size;
    const bool is_whole = before < access.bytes && before <= in_page && in_page - before + access.bytes <= page_size;
    return is_whole ? std::optional{fault - before} : std::nullopt;
}

/// Returns the length in bytes of the original of a transformed instruction: bit 1 is clear if it was compressed
/// (hypervisor chapter, "Transformed Instruction or Pseudoinstruction for mtinst or htinst").
constexpr std::uint64_t transformed_length(std::uint64_t htinst) {
    return 2 + (htinst & 2);
}

/// Decodes htinst as a guest-page fault leaves it (hypervisor chapter, "Transformed Instruction or Pseudoinstruction
/// for mtinst or htinst"). Returns nothing for zero, pseudoinstructions and unknown values; then fetch the instruction
/// and use decode(). Requires: is_page_walk() is false.
constexpr std::optional<MemoryAccess> decode_transformed(std::uint64_t htinst) {
    constexpr std::uint64_t not_compressed = 0b10;  // bit 1 is cleared where the original had 16 bits
    // The high half is compared because later standards may define values there (same chapter, htinst).
    if ((htinst & 1) == 0 || htinst >> 32 != 0) {
        return std::nullopt;
    }
    return decode_detail::decode_standard(static_cast<std::uint32_t>(htinst | not_compressed),
                                          static_cast<unsigned>(transformed_length(htinst)));
}

/// Returns the field Addr. Offset: the distance in bytes from the first byte of a misaligned access to the byte that
/// faulted (same chapter).
constexpr unsigned address_offset(std::uint64_t htinst) {
    return htinst >> 15 & 31;
}

/// Masks and values that recognise htinst of a load or a store of one width, compressed or not, that faulted at its
/// first byte. They are the fast path, which needs no MemoryAccess.
struct TransformedForm {
    std::uint64_t load_mask = 0;
    std::uint64_t load = 0;  ///< htinst & load_mask of a load
    std::uint64_t store_mask = 0;
    std::uint64_t store = 0;

    constexpr bool is_load(std::uint64_t htinst) const { return (htinst & load_mask) == load; }
    constexpr bool is_store(std::uint64_t htinst) const { return (htinst & store_mask) == store; }

    constexpr bool operator==(const TransformedForm&) const = default;
};
inline constexpr TransformedForm lw_or_sw{0xffff'ffff'000f'f07d, 0x2001, 0xffff'ffff'000f'f07d, 0x2021};
inline constexpr TransformedForm lb_or_sb{0xffff'ffff'000f'b07d, 0x0001, 0xffff'ffff'000f'f07d, 0x0021};  // LBU, too
/// No htinst has it.
inline constexpr TransformedForm no_access{0, 1, 0, 1};

/// Returns the value that a load of a TransformedForm writes to its register if the device answers `raw`.
constexpr std::uint64_t transformed_value(std::uint64_t htinst, std::uint32_t raw) {
    constexpr std::uint64_t is_word = 0x2000;
    constexpr std::uint64_t is_unsigned = 0x4000;
    if ((htinst & is_word) != 0) [[likely]] {
        return static_cast<std::uint64_t>(std::int64_t{static_cast<std::int32_t>(raw)});
    }
    const auto byte = static_cast<std::uint8_t>(raw);
    return (htinst & is_unsigned) != 0 ? byte
                                       : static_cast<std::uint64_t>(std::int64_t{static_cast<std::int8_t>(byte)});
}
constexpr unsigned load_destination(std::uint64_t htinst) {
    return htinst >> 7 & 31;
}
constexpr unsigned store_source(std::uint64_t htinst) {
    return htinst >> 20 & 31;
}

/// Returns whether an implicit access to the guest's own page tables faulted, not the instruction's operand (same
/// chapter, special pseudoinstruction values; not the RV32 forms, as VSXLEN is 64).
constexpr bool is_page_walk(std::uint64_t htinst) {
    constexpr std::uint64_t read = 0x3000;
    constexpr std::uint64_t write = 0x3020;
    return htinst == read || htinst == write;
}

/// Returns the address of a guest-page fault, 0 if the hart does not report it. htval lacks the last two bits; they are
/// stval's, except for an implicit access to the guest's own page tables (same chapter, htval).
constexpr Gpa guest_physical_address(std::uint64_t htval, std::uint64_t stval, std::uint64_t htinst) {
    return {htval << 2 | (htval == 0 || is_page_walk(htinst) ? 0 : stval & 3)};
}

}  // namespace mullion
