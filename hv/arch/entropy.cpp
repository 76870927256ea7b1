// SPDX-License-Identifier: Apache-2.0
#include "arch/entropy.hpp"

#include <array>
#include <cstdint>

#include "arch/csr.hpp"
#include "core/wait.hpp"

namespace mullion::arch {
namespace {

struct Guarded {
    std::uint64_t value;
    std::uint64_t fault;
};
extern "C" Guarded guarded_poll_seed();

/// The states of the seed CSR, which gives two bytes at a time (scalar cryptography, "Entropy Source").
enum class State : std::uint64_t { self_test = 0, wait = 1, has_entropy = 2, dead = 3 };

constexpr State state_of(std::uint64_t seed) {
    return static_cast<State>(seed >> 30 & 3);
}

}  // namespace

std::optional<Digest> hart_entropy() {
    constexpr unsigned tries = 100'000;
    std::array<std::uint8_t, 64> bytes{};
    std::size_t filled = 0;
    unsigned tried = 0;
    const auto poll = [&] {
        const auto seed = guarded_poll_seed();
        if (seed.fault != 0 || state_of(seed.value) == State::dead) {
            tried = tries;
        } else if (state_of(seed.value) == State::has_entropy) {
            bytes[filled++] = static_cast<std::uint8_t>(seed.value);
            bytes[filled++] = static_cast<std::uint8_t>(seed.value >> 8);
        } else {
            ++tried;
            pause();
        }
    };
    const bool is_full =
        await_machine<Wait::entropy>([&] { return filled == bytes.size(); }, [&] { return tried == tries; }, poll);
    return is_full ? std::optional{sha256_of(bytes)} : std::nullopt;
}

}  // namespace mullion::arch
