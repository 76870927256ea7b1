// SPDX-License-Identifier: Apache-2.0
// Derives random seeds for guests from one seed of the machine, by SHA-256. Knowing one of them does not help to
// compute another, earlier or later.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "core/sha256.hpp"

namespace mullion {

class SeedPool {
 public:
    /// Makes an empty pool, from which no seed can be drawn.
    constexpr SeedPool() = default;
    constexpr explicit SeedPool(const Digest& state) : state_(state), filled_(true) {}

    constexpr bool empty() const { return !filled_; }

    /// Mixes `noise` into the pool.
    constexpr void add(const Digest& noise) {
        state_ = hash(Purpose::add, noise);
        filled_ = true;
    }

    /// Returns a new seed, and changes the pool so that the seed cannot be computed from it.
    constexpr Digest draw() {
        const auto seed = hash(Purpose::draw, {});
        state_ = hash(Purpose::go_on, {});
        return seed;
    }

 private:
    enum class Purpose : std::uint8_t { add, draw, go_on };

    constexpr Digest hash(Purpose purpose, const Digest& noise) const {
        std::array<std::uint8_t, 1 + 2 * sizeof(Digest)> bytes{static_cast<std::uint8_t>(purpose)};
        std::ranges::copy(state_, bytes.begin() + 1);
        std::ranges::copy(noise, bytes.begin() + 1 + sizeof(Digest));
        return sha256_of(std::span<const std::uint8_t>{bytes});
    }

    Digest state_{};
    bool filled_ = false;
};

}  // namespace mullion
