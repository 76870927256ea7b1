// SPDX-License-Identifier: Apache-2.0
#include "siege/attacker.hpp"

#include <algorithm>
#include <atomic>
#include <string_view>

#include "common/mmio.hpp"
#include "common/print.hpp"
#include "common/sbi.hpp"
#include "siege/values.hpp"

extern "C" void secondary_start();

namespace siege {
namespace {

std::atomic<std::uint64_t> steps_left{0};
std::uint64_t seed = 0;

/// The steps; frequent ones are listed more than once.
constexpr std::array<void (*)(Hart&), 24> kinds{try_csr,
                                                try_csr,
                                                try_csr,
                                                try_csr,
                                                try_system_instruction,
                                                try_system_instruction,
                                                try_access,
                                                try_access,
                                                try_access,
                                                try_call,
                                                try_call,
                                                try_call,
                                                try_access,
                                                try_access,
                                                try_access,
                                                try_call,
                                                try_call,
                                                try_call,
                                                try_tables,
                                                try_tables,
                                                try_any_word,
                                                try_any_word,
                                                try_siblings,
                                                try_trap_vectors};

/// Kicks the watchdog, which resets a guest that hangs. An attack on the watchdog may turn it off, so this starts it
/// again.
void kick_watchdog() {
    enum Register : std::uint64_t { ctrl = 0x10, cfg = 0x14, mode = 0x18 };
    constexpr std::uint32_t key = 0xa57 << 1 | 1, reset_the_system = 1, eight_seconds = 8 << 4 | 1;
    const auto base = machine().device("allwinner,sun6i-a31-wdt").base;
    write_register<std::uint32_t>(base + cfg, reset_the_system);
    write_register<std::uint32_t>(base + mode, eight_seconds);
    write_register<std::uint32_t>(base + ctrl, key);
}

/// Does steps until all harts together have done theirs, then reboots.
[[noreturn]] void do_steps(Hart& hart) {
    set_csr<sstatus>(sstatus_fs | sstatus_vs);
    for (std::uint64_t step = 0; steps_left.fetch_sub(1) - 1 < ~std::uint64_t{0} / 2; ++step) {
        if (step % 64 == 0) {
            kick_watchdog();
        }
        hart.random.of(kinds)(hart);
        if (hart.random.one_in(16)) {
            try_far_jump(hart);
        }
    }
    print("siege: seed ", seed, " is done");
    sbi::reset(1, 0);
    while (true) {
        asm volatile("wfi");
    }
}

void begin(Hart& hart, std::uint64_t id) {
    hart.id = id;
    hart.random = Random(seed * 16 + id);
    hart.stack = reinterpret_cast<std::uint64_t>(hart.stack_bytes.data() + hart.stack_bytes.size());
    try_words(hart, {});  // stvec, sscratch
}

/// Reads "SEED STEPS", as typed.
std::array<std::uint64_t, 2> typed_numbers() {
    std::array<std::uint64_t, 2> numbers{};
    std::size_t which = 0;
    while (true) {
        const int c = read_character();
        if (c == '\r') {
            return numbers;
        }
        if (c == ' ') {
            which = 1;
        } else if (c >= '0' && c <= '9') {
            numbers[which] = numbers[which] * 10 + static_cast<std::uint64_t>(c - '0');
        }
    }
}

}  // namespace

void attack(std::uint64_t id) {
    print("siege: ready");
    const auto [typed_seed, steps] = typed_numbers();
    seed = typed_seed;
    print("siege: seed ", seed, ", ", steps, " steps");
    steps_left = steps;
    for (std::uint64_t i = 0; i < machine().harts; ++i) {
        begin(hart_of(i), i);
    }
    begin(hart_of(id), id);
    for (std::uint64_t i = 0; i < machine().harts; ++i) {
        if (i != id) {
            sbi::hart_start(i, reinterpret_cast<std::uint64_t>(&secondary_start),
                            reinterpret_cast<std::uint64_t>(&hart_of(i)));
        }
    }
    do_steps(hart_of(id));
}

/// Runs on a hart that any sibling has started, the first time or again.
extern "C" void secondary_main(Hart* hart) {
    try_words(*hart, {});
    do_steps(*hart);
}

}  // namespace siege
