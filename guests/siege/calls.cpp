// SPDX-License-Identifier: Apache-2.0
// Makes SBI calls with arguments that must be refused, and some that must not.
#include "common/print.hpp"
#include "common/sbi.hpp"
#include "siege/attacker.hpp"
#include "siege/values.hpp"

extern "C" void secondary_start();
extern "C" void event_start();

namespace siege {
namespace {

constexpr std::uint32_t ecall = 0x73;
constexpr std::uint64_t hart_stop = 1, hart_suspend = 3;
constexpr std::uint64_t legacy_shutdown = 8, legacy_getchar = 2;

bool is_alone(const Hart& hart) {
    for (std::uint64_t id = 0; id < machine().harts; ++id) {
        if (id != hart.id && sbi::hart_is(id, sbi::HartState::started)) {
            return false;
        }
    }
    return true;
}

/// Returns whether to make the call: rarely one that ends this life, and never one from which the guest could not
/// continue.
bool is_let_pass(Hart& hart, std::uint64_t extension, std::uint64_t function) {
    if (extension == sbi::srst || extension == legacy_shutdown) {
        return hart.random.one_in(2000);
    }
    if (extension == sbi::hsm && (function & 0xffff'ffff) == hart_stop) {
        return hart.random.one_in(8) && !is_alone(hart);
    }
    return true;
}

std::uint64_t any_argument(Random& random) {
    switch (random.below(16)) {
        case 0:
            return reinterpret_cast<std::uint64_t>(&secondary_start);
        case 1:
            return reinterpret_cast<std::uint64_t>(&event_start);
        case 2:
            return random.below(2) << 31 | random.below(4) << 16 | random.below(2) << 15;  // events, types of suspend
        case 3:
            return random.below(16) << 16 | random.below(32);  // of the PMU
        default:
            return any_value(random);
    }
}

}  // namespace

void try_call(Hart& hart) {
    auto& random = hart.random;
    constexpr std::array<std::uint64_t, 26> extensions{
        sbi::base, sbi::time, sbi::ipi, sbi::rfence, sbi::hsm,        sbi::srst,  sbi::dbcn,  sbi::susp,      sbi::sta,
        sbi::pmu,  sbi::fwft, sbi::sse, sbi::sse,    sbi::pmu,        0,          1,          legacy_getchar, 3,
        4,         5,         6,        7,           legacy_shutdown, 0x4e41434c, 0x4d505859, 0x0a00'0000};
    const auto extension = random.one_in(32) ? any_value(random) : random.of(extensions);
    const auto function = random.one_in(16) ? any_value(random) : random.below(12);
    if (!is_let_pass(hart, extension, function)) {
        return;
    }
    set_wake_up(500);  // for what suspends
    const Registers registers{any_argument(random),
                              any_argument(random),
                              any_argument(random),
                              any_argument(random),
                              any_argument(random),
                              any_argument(random),
                              function,
                              extension};
    const auto error = static_cast<std::int64_t>(try_words(hart, {ecall}, registers));
    const bool has_errors = hart.cause == no_exception && extension > 0xf;
    if (has_errors && (error > 0 || error < -14)) {
        print("siege: FAILED: call ", Hex{extension}, " ", function, " answers ", error);
    }
}

/// Makes harts start, stop, suspend and interrupt each other.
void try_siblings(Hart& hart) {
    auto& random = hart.random;
    const auto sibling = random.below(machine().harts);
    switch (random.below(4)) {
        case 0:
            sbi::hart_start(sibling, reinterpret_cast<std::uint64_t>(&secondary_start),
                            reinterpret_cast<std::uint64_t>(&hart_of(sibling)));
            break;
        case 1:
            set_wake_up(random.below(2000));
            sbi::call(sbi::hsm, hart_suspend, {0});
            break;
        case 2:
            sbi::send_ipi(random.below(16), random.one_in(4) ? ~0ULL : random.below(3));
            clear_csr<sip>(1 << software_interrupt);
            break;
        default:
            sbi::call(sbi::rfence, random.below(3),
                      {random.below(8), 0, any_value(random), any_value(random), random.below(4)});
    }
}

}  // namespace siege
