// SPDX-License-Identifier: Apache-2.0
// Runs guests for other tests: some that show whether they are disturbed, and some that disturb as much as they can.
#include <algorithm>
#include <array>

#include "probe/cases.hpp"
#include "probe/expect.hpp"
#include "probe/trap.hpp"

namespace probe {
namespace {

/// Prints, ten times a second until something is typed, the longest gap between two of its wake-ups.
void heartbeat() {
    const auto interval = machine().ticks_per_second / 100;
    std::uint64_t worst = 0;
    auto last = now();
    for (std::uint64_t beat = 1; read_character() < 0; ++beat) {
        sleep(interval);
        const auto at = now();
        worst = std::max(worst, at - last);
        last = at;
        if (beat % 10 == 0) {
            print("probe: beat ", beat / 10, " worst gap ", worst, " ticks");
        }
    }
}

std::uint64_t next_random(std::uint64_t& state) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

/// Computes, until something is typed, a checksum over memory that is rewritten in each round. It includes all earlier
/// rounds, so that the harness, which knows the rule, can tell at any time whether every round was right. Each round
/// ends with a sleep of 10 ms. Every tenth round prints the checksum, and the longest delay of a sleep since the last
/// line.
void checksum() {
    static std::array<std::uint64_t, 1024> words;
    const auto interval = machine().ticks_per_second / 100;
    std::uint64_t random = 1;
    std::uint64_t sum = 0;
    std::uint64_t late = 0;
    for (std::uint64_t round = 1; read_character() < 0; ++round) {
        for (auto& word : words) {
            word = next_random(random);
        }
        asm volatile("" ::: "memory");
        for (const auto word : words) {
            sum = (sum ^ word) * 0x100'0000'01b3;
        }
        const auto due = now() + interval;
        for (auto at = now(); at < due; at = now()) {  // WFI may end early
            sleep(due - at);
        }
        late = std::max(late, now() - due);
        if (round % 10 == 0) {
            print("probe: round ", round, " checksum ", Hex{sum}, " late ", late, " ticks");
            late = 0;
        }
    }
}

/// Prints lines as fast as possible until something is typed.
void flood() {
    for (std::uint64_t line = 0; read_character() < 0; ++line) {
        print("probe: flood ", line, " ..............................................................");
    }
}

/// A handler whose second instruction faults, so that the same exception repeats for ever.
[[gnu::naked, gnu::aligned(4)]] void fault_again() {
    asm volatile("nop; lw zero, 0(zero); j .");
}

void fault_for_ever() {
    print("probe: faults from here on");
    write_csr<stvec>(reinterpret_cast<std::uint64_t>(&fault_again));
    fault_again();
}

/// Makes calls with valid and invalid arguments. None refers to memory that the probe needs, and none starts, stops or
/// resets anything.
void random_calls(std::uint64_t seed) {
    constexpr std::array extensions{sbi::base, sbi::time, sbi::ipi, sbi::rfence, sbi::dbcn, sbi::pmu};
    constexpr std::array<std::uint64_t, 10> values{0,           1,           2,          4096,       0x2800'0000,
                                                   0x1000'0000, 0x4000'0000, 0xFFFFFFFF, 1ULL << 63, ~0ULL};
    auto state = seed;
    const auto value = [&] { return values[next_random(state) % values.size()]; };
    for (int i = 0; i < 20'000; ++i) {
        const auto extension = extensions[next_random(state) % extensions.size()];
        const auto function = next_random(state) % 8;
        if (extension == sbi::dbcn && function == 2) {
            continue;  // a byte more or less would garble the lines that report results
        }
        const auto result = sbi::call(extension, function, {value(), value(), value(), value(), value()});
        expect("an SBI error is one of the specification's", result.error <= 0 && result.error >= -14);
    }
}

/// All harts at once.
void random_calls_from_all_harts() {
    const auto others = machine().harts - 1;
    for (std::size_t n = 0; n < others; ++n) {
        expect_success("start of a hart", start(other_hart(n), random_calls, 0x1234'5678 + n));
    }
    random_calls(0x9876'5432);
    for (std::size_t n = 0; n < others; ++n) {
        expect("a hart has stopped", wait_stopped(other_hart(n)));
    }
}

/// Every CSR number, read in both modes: a value or an illegal instruction, nothing else.
void every_csr_is_read() {
    for (const auto mode : {Mode::supervisor, Mode::user}) {
        for (std::uint32_t csr = 0; csr < 4096; ++csr) {
            const auto trap = run_instructions(mode, {csr << 20 | 0x2573}).trap;
            if (!went_through(trap)) {
                expect_equal("cause of a CSR that is not there", illegal_instruction, trap.cause);
            }
        }
    }
}

[[gnu::section(".cases"), gnu::used]] constexpr std::array cases{
    Case{"neighbour.heartbeat", heartbeat, When::by_name},
    Case{"neighbour.checksum", checksum, When::by_name},
    Case{"neighbour.flood", flood, When::by_name},
    Case{"neighbour.faults", fault_for_ever, When::by_name},
    Case{"neighbour.random-calls", random_calls_from_all_harts, When::on_mullion},
    Case{"neighbour.every-csr", every_csr_is_read},
};

}  // namespace

}  // namespace probe
