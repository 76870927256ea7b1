// SPDX-License-Identifier: Apache-2.0
// Lets a hart execute code that may trap, so that it can go on with the next step.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include "common/csr.hpp"
#include "common/tree.hpp"

namespace siege {

using namespace guest;

/// Generates pseudorandom numbers, which only depend on the seed.
class Random {
 public:
    explicit Random(std::uint64_t seed) : state_(seed * 0x9e37'79b9'7f4a'7c15 + 0x1234'5678'9abc'def1) {}
    std::uint64_t next() {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
        return state_;
    }
    std::uint64_t below(std::uint64_t limit) { return (next() >> 16) % limit; }
    bool one_in(std::uint64_t n) { return below(n) == 0; }
    template <class List>
    auto of(const List& list) {
        return list[below(list.size())];
    }

 private:
    std::uint64_t state_;
};

struct Hart {
    std::array<std::uint64_t, 16> context;  // start.S knows the offsets of the first members
    std::uint64_t cause = 0;                ///< of the exception that ended the last run
    std::uint64_t value = 0;                ///< its stval
    std::uint64_t interrupts = 0;
    std::uint64_t scratch = 0;
    std::uint64_t stack = 0;

    std::uint64_t id = 0;
    Random random{0};
    alignas(64) std::array<std::uint32_t, 16> code;
    alignas(16) std::array<std::byte, 8192> stack_bytes;
};

inline constexpr std::uint64_t no_exception = ~std::uint64_t{0};

using Registers = std::array<std::uint64_t, 8>;  ///< a0 to a7

/// Executes the words (at most 8) with a0 to a7 as given; `cause` says what they raised. Afterwards stvec, sscratch and
/// the interrupts are as this hart needs them.
std::uint64_t try_words(Hart& hart, std::initializer_list<std::uint32_t> words, const Registers& registers = {});
/// Executes the words in U-mode; an ECALL ends them.
void try_words_as_user(Hart& hart, std::initializer_list<std::uint32_t> words, const Registers& registers = {});
/// Jumps to any address, where code traps or returns.
void try_jump(Hart& hart, std::uint64_t at);
void try_jump_as_user(Hart& hart, std::uint64_t at);

/// Sets the timer to interrupt a hart that waits.
void set_wake_up(std::uint64_t ticks);

const Machine& machine();
Hart& hart_of(std::uint64_t id);

/// Reports an exception that harts without the H extension do not have.
void expect_known_cause(const Hart& hart);

}  // namespace siege
