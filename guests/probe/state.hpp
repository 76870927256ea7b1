// SPDX-License-Identifier: Apache-2.0
// Registers of a hart that belong to its guest alone, and that the probe itself does not use.
#pragma once

#include <array>
#include <cstdint>

#include "probe/hart.hpp"

namespace probe {

/// f0-f31, fcsr.
using Floats = std::array<std::uint64_t, 33>;

struct Vectors {
    static constexpr std::size_t max_bytes = 32 * 128;  ///< VLEN up to 1024

    std::uint64_t vl, vtype, vcsr, vstart;
    std::array<std::uint8_t, max_bytes> registers;

    bool operator==(const Vectors&) const = default;
};

extern "C" {
void load_floats(const Floats* from);
void store_floats(Floats* to);
void load_vectors(const Vectors* from);
void store_vectors(Vectors* to);
std::uint64_t scalar_crypto(std::uint64_t value);
std::uint64_t encrypt_round(std::uint64_t low, std::uint64_t high);
void vector_crypto(std::array<std::uint64_t, 2>* values);
std::uint64_t vector_register_bytes();
void zero_block(std::uint64_t at);
void clean_block(std::uint64_t at);
void flush_block(std::uint64_t at);
void invalidate_block(std::uint64_t at);
}

}  // namespace probe
