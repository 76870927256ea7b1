// SPDX-License-Identifier: Apache-2.0
#include "siege/hart.hpp"

#include <algorithm>

#include "common/print.hpp"
#include "common/sbi.hpp"
#include "siege/offsets.h"

extern "C" {
std::uint64_t siege_run(siege::Hart* hart, std::uint64_t pc, const siege::Registers* registers);
std::uint64_t siege_run_as_user(siege::Hart* hart, std::uint64_t pc, const siege::Registers* registers);
void trap_entry();
}

namespace siege {

static_assert(offsetof(Hart, context) == HART_CONTEXT);
static_assert(offsetof(Hart, cause) == HART_CAUSE);
static_assert(offsetof(Hart, value) == HART_VALUE);
static_assert(offsetof(Hart, interrupts) == HART_INTERRUPTS);
static_assert(offsetof(Hart, scratch) == HART_SCRATCH);
static_assert(offsetof(Hart, stack) == HART_STACK);

namespace {

constexpr std::uint32_t csrw_stvec_s2 = 0x1059'1073;
constexpr std::uint32_t csrw_sscratch_s3 = 0x1409'9073;
constexpr std::uint32_t ret = 0x0000'8067;
constexpr std::uint32_t ecall = 0x0000'0073;

/// Restores the hart's state, whatever it has become.
void settle(Hart& hart) {
    write_csr<stvec>(reinterpret_cast<std::uint64_t>(&trap_entry));
    write_csr<sscratch>(reinterpret_cast<std::uint64_t>(&hart));
    write_csr<sie>(0);
    constexpr std::uint64_t interrupts_on = 2;
    clear_csr<sstatus>(interrupts_on | sstatus_sum | 1 << 19);
}

std::uint64_t put(Hart& hart, std::initializer_list<std::uint32_t> words,
                  std::initializer_list<std::uint32_t> last_words) {
    auto* const end = std::copy(words.begin(), words.end(), hart.code.begin());
    std::copy(last_words.begin(), last_words.end(), end);
    asm volatile("fence.i" ::: "memory");
    hart.cause = no_exception;
    return reinterpret_cast<std::uint64_t>(hart.code.data());
}

}  // namespace

std::uint64_t try_words(Hart& hart, std::initializer_list<std::uint32_t> words, const Registers& registers) {
    const auto result = siege_run(&hart, put(hart, words, {csrw_stvec_s2, csrw_sscratch_s3, ret}), &registers);
    settle(hart);
    expect_known_cause(hart);
    return result;
}

void try_words_as_user(Hart& hart, std::initializer_list<std::uint32_t> words, const Registers& registers) {
    siege_run_as_user(&hart, put(hart, words, {ecall}), &registers);
    settle(hart);
    expect_known_cause(hart);
}

void try_jump(Hart& hart, std::uint64_t at) {
    hart.cause = no_exception;
    constexpr Registers registers{};
    siege_run(&hart, at, &registers);
    settle(hart);
    expect_known_cause(hart);
}

void try_jump_as_user(Hart& hart, std::uint64_t at) {
    hart.cause = no_exception;
    constexpr Registers registers{};
    siege_run_as_user(&hart, at, &registers);
    settle(hart);
    expect_known_cause(hart);
}

void set_wake_up(std::uint64_t ticks) {
    sbi::set_timer(now() + ticks);
    write_csr<sie>(1 << timer_interrupt);
}

void expect_known_cause(const Hart& hart) {
    constexpr std::array<std::uint64_t, 14> known{0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 15, 18, no_exception};
    if (std::ranges::find(known, hart.cause) == known.end()) {
        print("siege: FAILED: an exception with cause ", hart.cause, " stval ", Hex{hart.value});
    }
}

}  // namespace siege
