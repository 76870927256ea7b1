// SPDX-License-Identifier: Apache-2.0
#include "arch/memory.hpp"

namespace mullion::arch {
namespace {

struct Guarded {
    std::uint64_t value;
    std::uint64_t fault;
};

extern "C" Guarded guarded_load_word(std::uint64_t at);
extern "C" Guarded guarded_load_doubleword(std::uint64_t at);
extern "C" Guarded guarded_store_doubleword(std::uint64_t at, std::uint64_t value);
extern "C" Guarded guarded_store_word(std::uint64_t at, std::uint64_t value);
extern "C" Guarded guarded_zero_block(std::uint64_t at);
extern "C" Guarded guarded_flush_block(std::uint64_t at);
extern "C" Guarded guarded_discard_block(std::uint64_t at);
extern "C" Guarded guarded_hash_word(std::uint64_t word);
extern "C" Guarded guarded_read_fcsr();
extern "C" Guarded guarded_fill_vector();
extern "C" Guarded guarded_fetch_half(std::uint64_t at);
extern "C" Guarded guarded_load_guest(std::uint64_t at);
extern "C" Guarded guarded_load_guest_1(std::uint64_t at);
extern "C" Guarded guarded_load_guest_2(std::uint64_t at);
extern "C" Guarded guarded_load_guest_4(std::uint64_t at);
extern "C" Guarded guarded_store_guest_1(std::uint64_t at, std::uint64_t value);
extern "C" Guarded guarded_store_guest_2(std::uint64_t at, std::uint64_t value);
extern "C" Guarded guarded_store_guest_4(std::uint64_t at, std::uint64_t value);
extern "C" Guarded guarded_read_hgatp();
extern "C" Guarded guarded_read_vstimecmp();
extern "C" Guarded guarded_read_hstateen0();
extern "C" Guarded guarded_read_scountovf();
extern "C" Guarded guarded_clear_sireg(std::uint64_t which, std::uint64_t bits);
extern "C" Guarded guarded_clear_vsireg(std::uint64_t which, std::uint64_t bits);
extern "C" Guarded guarded_read_counter(std::uint64_t number);

// Loops over memory: where, what (a byte, a place, a number of bytes), how much (bytes; bytes of a block).
using Loop = void(std::uint64_t, std::uint64_t, std::uint64_t);
extern "C" Loop fill_bytes;
extern "C" Loop copy_bytes;
extern "C" Loop clear_cache_blocks;
extern "C" Loop flush_cache_blocks;
extern "C" Loop clear_and_flush_cache_blocks;
extern "C" Guarded guarded_loop(std::uint64_t at, std::uint64_t what, std::uint64_t much, Loop* loop);

std::optional<MemoryFault> run_loop(Loop& loop, std::uint64_t at, std::uint64_t what, std::uint64_t much) {
    const auto result = guarded_loop(at, what, much, &loop);
    return result.fault == 0 ? std::nullopt
                             : std::optional{MemoryFault{{align_down(result.value, page_size)}, result.fault}};
}

bool had(const Guarded& before, std::uint64_t bits) {
    return before.fault == 0 && (before.value & bits) != 0;
}

}  // namespace

std::optional<MemoryFault> clear_memory(HostRange range, CacheBlocks blocks) {
    const auto at = range.base.value;
    if (blocks.zero != 0 && blocks.zero == blocks.flush) {
        return run_loop(clear_and_flush_cache_blocks, at, range.size, blocks.zero);
    }
    const auto fault = blocks.zero != 0 ? run_loop(clear_cache_blocks, at, range.size, blocks.zero)
                                        : run_loop(fill_bytes, at, 0, range.size);
    return fault ? fault : flush_memory(range, blocks);
}

std::optional<MemoryFault> flush_memory(HostRange range, CacheBlocks blocks) {
    if (blocks.flush == 0) {
        return std::nullopt;
    }
    const auto first = align_down(range.base.value, blocks.flush);
    return run_loop(flush_cache_blocks, first, align_up(range.end().value, blocks.flush) - first, blocks.flush);
}

std::optional<MemoryFault> copy_memory(Hpa to, Hpa from, std::uint64_t bytes) {
    return run_loop(copy_bytes, to.value, from.value, bytes);
}

std::uint64_t try_store(Hpa at, std::uint64_t value) {
    return guarded_store_doubleword(at.value, value).fault;
}

Loaded try_load(Hpa at) {
    const auto result = guarded_load_doubleword(at.value);
    return {result.value, result.fault};
}

std::uint64_t probe_load(Hpa at) {
    return guarded_load_word(at.value).fault;
}

std::uint64_t probe_store(Hpa at, std::uint32_t value) {
    return guarded_store_word(at.value, value).fault;
}

Fetched fetch_guest_half(Gva at) {
    const auto result = guarded_fetch_half(at.value);
    return {static_cast<std::uint16_t>(result.value), result.fault};
}

Loaded load_guest_doubleword(Gva at) {
    const auto result = guarded_load_guest(at.value);
    return {result.value, result.fault};
}

Loaded load_from_guest(Gva at, std::uint32_t bytes) {
    const auto result = bytes == 1   ? guarded_load_guest_1(at.value)
                        : bytes == 2 ? guarded_load_guest_2(at.value)
                                     : guarded_load_guest_4(at.value);
    return {result.value, result.fault};
}

std::uint64_t store_to_guest(Gva at, std::uint32_t value, std::uint32_t bytes) {
    switch (bytes) {
        case 1:
            return guarded_store_guest_1(at.value, value).fault;
        case 2:
            return guarded_store_guest_2(at.value, value).fault;
        default:
            return guarded_store_guest_4(at.value, value).fault;
    }
}

bool zero_block(Hpa at) {
    return guarded_zero_block(at.value).fault == 0;
}

bool flush_block(Hpa at) {
    return guarded_flush_block(at.value).fault == 0;
}

bool discard_block(Hpa at) {
    return guarded_discard_block(at.value).fault == 0;
}

bool has_hash_instructions() {
    return guarded_hash_word(0).fault == 0;
}

bool has_float_registers() {
    return guarded_read_fcsr().fault == 0;
}

bool has_vector_registers() {
    return guarded_fill_vector().fault == 0;
}

// Registers of 128 bits and elements of 64 are what V has over Zve32x (vector chapter, "V: Vector Extension for
// Application Processors").
bool has_vector_extension() {
    const auto elements = guarded_fill_vector();
    return elements.fault == 0 && elements.value >= 2;
}

bool has_hypervisor_extension() {
    return guarded_read_hgatp().fault == 0;
}

bool has_vstimecmp() {
    return guarded_read_vstimecmp().fault == 0;
}

bool has_hstateen0() {
    return guarded_read_hstateen0().fault == 0;
}

bool has_scountovf() {
    return guarded_read_scountovf().fault == 0;
}

bool clear_sireg(std::uint64_t which, std::uint64_t bits) {
    return had(guarded_clear_sireg(which, bits), bits);
}

bool clear_vsireg(std::uint64_t which, std::uint64_t bits) {
    return had(guarded_clear_vsireg(which, bits), bits);
}

std::optional<std::uint64_t> read_counter(std::uint64_t number) {
    const auto result = guarded_read_counter(number);
    return result.fault == 0 ? std::optional{result.value} : std::nullopt;
}

}  // namespace mullion::arch
