// SPDX-License-Identifier: Apache-2.0
// Random seeds for guests out of one that the machine has, by SHA-256: who knows one of them knows no other, neither an
// earlier one nor a later one.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "core/sha256.hpp"

namespace mullion {

class SeedPool {
 public:
    /// Empty: there is no seed to be drawn from it.
    constexpr SeedPool() = default;
    constexpr explicit SeedPool(const Digest& state) : state_(state), filled_(true) {}

    constexpr bool empty() const { return !filled_; }

    /// What is added to what is there.
    constexpr void add(const Digest& noise) {
        state_ = hash(Purpose::add, noise);
        filled_ = true;
    }

    /// A seed that was never drawn before. The pool is another one then, from which nobody can tell it.
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
