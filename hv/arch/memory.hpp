// SPDX-License-Identifier: Apache-2.0
// Host memory through the hypervisor's identity map. Each hart has its own guest's memory mapped and no other's.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/address.hpp"

namespace mullion::arch {

inline std::span<std::uint8_t> host_memory(HostRange range) {
    return {reinterpret_cast<std::uint8_t*>(range.base.value), range.size};
}

/// A doubleword that the hypervisor's tables map.
inline std::uint64_t load_doubleword(Hpa at) {
    return *reinterpret_cast<const std::uint64_t*>(at.value);
}

/// Whole pages become zero. `cboz_block` is the hart's cbo.zero block, 0 where it has none.
void clear_memory(HostRange range, std::uint64_t cboz_block);

/// The two do not overlap.
void copy_memory(Hpa to, Hpa from, std::uint64_t bytes);

/// Whether a word can be loaded: scause of the trap, or 0.
std::uint64_t probe_load(Hpa at);

/// Whether a device takes a word: scause of the trap, or 0.
std::uint64_t probe_store(Hpa at, std::uint32_t value);

/// The halfword of guest code at `at`, read with the rights of the mode that the exit came from.
struct Fetched {
    std::uint16_t half = 0;
    std::uint64_t fault = 0;  ///< scause, 0: none
};
Fetched fetch_guest_half(Gva at);

/// The doubleword of guest memory at `at`, read with the rights of the mode that the exit came from.
struct Loaded {
    std::uint64_t value = 0;
    std::uint64_t fault = 0;  ///< scause, 0: none; then stval has the address
};
Loaded load_guest_doubleword(Gva at);
/// The same of 4 bytes.
Loaded load_guest_word(Gva at);

/// A store of 1, 2 or 4 bytes as the calling hart's guest would do it, through its tables: scause of the trap, or 0.
std::uint64_t store_to_guest(Gva at, std::uint32_t value, std::uint32_t bytes);

/// Whether the calling hart has cbo.zero (which clears the block at `at`), cbo.flush.
bool has_cache_block_zero(Hpa at);
bool has_cache_block_management(Hpa at);

/// Whether the calling hart has Zknh.
bool has_hash_instructions();

/// Whether a CSR answers on this hart (true), or reading it traps.
bool has_hypervisor_extension();
bool has_vstimecmp();
bool has_hstateen0();
bool has_scountovf();

/// Whether the calling hart has floating-point registers, vector registers, V. With sstatus.FS and VS not off.
bool has_float_registers();
bool has_vector_registers();
bool has_vector_extension();

/// The CSR of counter `number` (0 is cycle, 31 hpmcounter31); nothing where reading it traps.
std::optional<std::uint64_t> read_counter(std::uint64_t number);

}  // namespace mullion::arch
