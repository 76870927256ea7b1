// SPDX-License-Identifier: Apache-2.0
#include "probe/pmu.hpp"

#include "probe/expect.hpp"
#include "probe/trap.hpp"

namespace probe::pmu {
namespace {

constexpr std::uint32_t csrr_a0(std::uint32_t csr) {
    return csr << 20 | 0x2573;
}

std::uint64_t counters_of_type(std::uint64_t type) {
    std::uint64_t mask = 0;
    for (std::uint64_t i = 0; i < num_counters().value; ++i) {
        const auto info = get_info(i);
        mask |= info.error == sbi::success && info.value >> 63 == type ? bit(i) : 0;
    }
    return mask;
}

}  // namespace

std::uint64_t all() {
    return bit(num_counters().value) - 1;
}
std::uint64_t hardware() {
    return counters_of_type(0);
}
std::uint64_t own() {
    return counters_of_type(1);
}

void begin() {
    const auto count = num_counters();
    expect_success("sbi_pmu_num_counters", count);
    expect("a mask of all counters fits a register", count.value < 64);
    stop(all(), reset);
    set_shmem(~std::uint64_t{0}, ~std::uint64_t{0});
}

std::uint64_t take(std::uint64_t mask, std::uint64_t event, std::uint64_t flags) {
    const auto taken = configure(mask, event, flags);
    expect_success("counter_config_matching", taken);
    expect("the counter is of the set", taken.value < 64 && (mask >> taken.value & 1) != 0);
    return taken.value;
}

std::uint64_t value(std::uint64_t counter) {
    const auto info = get_info(counter);
    expect_success("counter_get_info", info);
    if (info.value >> 63 != 0) {
        const auto read = fw_read(counter);
        expect_success("counter_fw_read", read);
        return read.value;
    }
    const auto read = run_instructions(Mode::supervisor, {csrr_a0(info.value & 0xfff)});
    expect_no_trap("the CSR of a counter is read", read.trap);
    return read.a0;
}

void leave_started() {
    begin();
    expect_success("start", start(bit(take(hardware(), cycles)), set_init_value, bit(50)));
    expect_success("start", start(bit(take(own(), firmware_event + 6)), set_init_value, bit(50)));
}

void expect_new() {
    const auto own_counters = own();
    for (std::uint64_t i = 0; i < num_counters().value; ++i) {
        expect("a value that was left", value(i) < bit(49));
        if ((own_counters & bit(i)) != 0) {
            expect_error("a counter that was left", sbi::already_stopped, stop(bit(i)));
        }
    }
    constexpr std::uint32_t cycle = 0xc00;
    const auto first = run_instructions(Mode::supervisor, {csrr_a0(cycle)}).a0;
    work();
    expect("cycle runs", run_instructions(Mode::supervisor, {csrr_a0(cycle)}).a0 > first);
}

void work() {
    for (int i = 0; i < 10'000; ++i) {
        asm volatile("" ::: "memory");
    }
}

}  // namespace probe::pmu
