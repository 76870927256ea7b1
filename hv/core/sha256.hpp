// SPDX-License-Identifier: Apache-2.0
// Computes SHA-256 (FIPS 180-4; numbers below are its sections).
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace mullion {

using Digest = std::array<std::uint8_t, 32>;

/// The four functions of 4.1.2 in plain C++; Zknh has instructions for them.
struct PlainSigmas {
    /// Says whether to spend 3 KB of code on speed.
    static constexpr bool is_unrolled = false;

    static constexpr std::uint32_t sum0(std::uint32_t x) {
        return std::rotr(x, 2) ^ std::rotr(x, 13) ^ std::rotr(x, 22);
    }
    static constexpr std::uint32_t sum1(std::uint32_t x) {
        return std::rotr(x, 6) ^ std::rotr(x, 11) ^ std::rotr(x, 25);
    }
    static constexpr std::uint32_t sig0(std::uint32_t x) { return std::rotr(x, 7) ^ std::rotr(x, 18) ^ x >> 3; }
    static constexpr std::uint32_t sig1(std::uint32_t x) { return std::rotr(x, 17) ^ std::rotr(x, 19) ^ x >> 10; }
};

struct UnrolledSigmas : PlainSigmas {
    static constexpr bool is_unrolled = true;
};

namespace sha256 {

inline constexpr std::size_t block_bytes = 64;
using Block = std::span<const std::uint8_t, block_bytes>;
using State = std::array<std::uint32_t, 8>;

/// 5.3.3
inline constexpr State initial{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                               0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

/// 4.2.2
inline constexpr std::array<std::uint32_t, 64> constants{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

constexpr std::uint32_t big_endian(std::span<const std::uint8_t, 4> bytes) {
    return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 | bytes[3];
}

/// The last 16 words of the message schedule, a ring.
using Schedule = std::array<std::uint32_t, 16>;

/// Does round `first + i`, which renames the words a to h of `v`: they are moved.
template <class Sigmas>
[[gnu::always_inline]] constexpr void add_round(State& v, Schedule& w, std::size_t first, std::size_t i) {
    if (first != 0) {
        w[i] += Sigmas::sig1(w[(i + 14) % 16]) + w[(i + 9) % 16] + Sigmas::sig0(w[(i + 1) % 16]);
    }
    const auto [a, b, c, d, e, f, g, h] = v;
    const auto t1 = h + Sigmas::sum1(e) + (g ^ (e & (f ^ g))) + constants[first + i] + w[i];  // Ch
    const auto t2 = Sigmas::sum0(a) + ((a & b) | (c & (a | b)));                              // Maj
    v = {t1 + t2, a, b, c, d + t1, e, f, g};
}

/// Hashes one block into `state` (6.2.2).
template <class Sigmas>
constexpr void add_block(State& state, Block block) {
    Schedule w;
    for (std::size_t t = 0; t < w.size(); ++t) {
        w[t] = big_endian(block.subspan(4 * t).template first<4>());
    }
    auto v = state;
    for (std::size_t first = 0; first < constants.size(); first += w.size()) {
        if constexpr (Sigmas::is_unrolled) {
            // Indices are constants then, and nothing is moved.
#pragma GCC unroll 16
            for (std::size_t i = 0; i < w.size(); ++i) {
                add_round<Sigmas>(v, w, first, i);
            }
        } else {
            for (std::size_t i = 0; i < w.size(); ++i) {
                add_round<Sigmas>(v, w, first, i);
            }
        }
    }
    std::ranges::transform(state, v, state.begin(), [](auto x, auto y) { return x + y; });
}

/// Hashes by that function, which adds a block.
[[gnu::noinline]] constexpr Digest digest_by(void (*add)(State& state, Block block),
                                             std::span<const std::uint8_t> bytes, void (*meanwhile)()) {
    auto state = initial;
    const auto bits = std::uint64_t{bytes.size()} * 8;
    for (; bytes.size() >= block_bytes; bytes = bytes.subspan(block_bytes)) {
        add(state, bytes.first<block_bytes>());
        if (bytes.size() % 1024 < block_bytes) {
            meanwhile();
        }
    }
    // 5.1.1: a one bit, zeros, and the length in 64 bits, in one block or two.
    std::array<std::uint8_t, 2 * block_bytes> padded{};
    std::ranges::copy(bytes, padded.begin());
    padded[bytes.size()] = 0x80;
    const auto end = bytes.size() < block_bytes - 8 ? block_bytes : 2 * block_bytes;
    for (std::size_t i = 0; i < 8; ++i) {
        padded[end - 1 - i] = static_cast<std::uint8_t>(bits >> 8 * i);
    }
    for (std::size_t at = 0; at < end; at += block_bytes) {
        add(state, std::span{padded}.subspan(at).template first<block_bytes>());
    }
    Digest digest{};
    for (std::size_t i = 0; i < digest.size(); ++i) {
        digest[i] = static_cast<std::uint8_t>(state[i / 4] >> 8 * (3 - i % 4));
    }
    return digest;
}

}  // namespace sha256

/// Returns the digest of `bytes`, and calls `meanwhile` at least once for each KiB. Requires: fewer than 2^61 bytes.
template <class Sigmas = PlainSigmas>
constexpr Digest sha256_of(
    std::span<const std::uint8_t> bytes, void (*meanwhile)() = [] {}) {
    return sha256::digest_by(sha256::add_block<Sigmas>, bytes, meanwhile);
}

}  // namespace mullion
