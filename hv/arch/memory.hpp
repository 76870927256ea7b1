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

/// Loads a doubleword that the hypervisor's own tables map.
inline std::uint64_t load_doubleword(Hpa at) {
    return *reinterpret_cast<const std::uint64_t*>(at.value);
}

/// Where an access to memory trapped.
struct MemoryFault {
    Hpa at;                   ///< the page; a later one where the hart reports stores late
    std::uint64_t cause = 0;  ///< scause
};

/// The calling hart's cache blocks in bytes.
struct CacheBlocks {
    std::uint64_t zero = 0;   ///< 0: without cbo.zero
    std::uint64_t flush = 0;  ///< 0: what is stored may stay in caches
};

/// Clears whole pages, down to memory if blocks are flushed. Ends where an access traps.
std::optional<MemoryFault> clear_memory(HostRange range, CacheBlocks blocks);

/// Writes back what caches hold of the range, if blocks are flushed. Ends where an access traps.
std::optional<MemoryFault> flush_memory(HostRange range, CacheBlocks blocks);

/// Copies `bytes` bytes, and ends where an access traps. Requires: the two ranges do not overlap.
std::optional<MemoryFault> copy_memory(Hpa to, Hpa from, std::uint64_t bytes);

/// A value, or why there is none.
struct Loaded {
    std::uint64_t value = 0;
    std::uint64_t fault = 0;  ///< scause, and stval has the address; 0: loaded
};

/// Tries to store a doubleword, and returns scause of the trap, 0 if there was none; tries to load one.
std::uint64_t try_store(Hpa at, std::uint64_t value);
Loaded try_load(Hpa at);

/// Tries to load a word, and returns scause of the trap, 0 if there was none.
std::uint64_t probe_load(Hpa at);

/// Tries to store a word to a device, and returns scause of the trap, 0 if there was none.
std::uint64_t probe_store(Hpa at, std::uint32_t value);

/// Reads a halfword of guest code as a fetch, with the rights of the mode that the exit came from (HLVX).
struct Fetched {
    std::uint16_t half = 0;
    std::uint64_t fault = 0;  ///< scause; 0: read
};
Fetched fetch_guest_half(Gva at);

/// Loads a doubleword, or 1, 2 or 4 bytes, of guest memory with the rights of the mode that the exit came from (HLV).
Loaded load_guest_doubleword(Gva at);
Loaded load_from_guest(Gva at, std::uint32_t bytes);

/// Stores 1, 2 or 4 bytes through the tables of the calling hart's guest, and returns scause of the trap, 0 if there
/// was none.
std::uint64_t store_to_guest(Gva at, std::uint32_t value, std::uint32_t bytes);

/// Tries cbo.zero, cbo.flush or cbo.inval on the cache block at `at`, and returns whether it did not trap.
bool zero_block(Hpa at);
bool flush_block(Hpa at);
bool discard_block(Hpa at);

/// Returns whether the calling hart has Zknh.
bool has_hash_instructions();

/// Returns whether the CSR can be read on this hart; if not, reading it traps.
bool has_hypervisor_extension();
bool has_vstimecmp();
bool has_hstateen0();
bool has_scountovf();

/// Returns whether the calling hart has floating-point registers, vector registers, V. Requires: sstatus.FS and VS are
/// not off.
bool has_float_registers();
bool has_vector_registers();
bool has_vector_extension();

/// Clears bits of a register that siselect or vsiselect selects, and returns whether one of them was set; false if that
/// traps. Then nothing is selected.
bool clear_sireg(std::uint64_t which, std::uint64_t bits);
bool clear_vsireg(std::uint64_t which, std::uint64_t bits);

/// Reads the CSR of counter `number` (0 is cycle, 31 hpmcounter31); nothing if that traps.
std::optional<std::uint64_t> read_counter(std::uint64_t number);

}  // namespace mullion::arch
