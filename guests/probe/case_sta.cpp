// SPDX-License-Identifier: Apache-2.0
// SBI chapter 16, "Steal-time Accounting Extension".
#include <algorithm>
#include <array>

#include "probe/cases.hpp"
#include "probe/expect.hpp"

namespace probe {
namespace {

constexpr std::uint64_t all_ones = ~std::uint64_t{0};

alignas(64) std::array<std::uint8_t, 192> memory;

std::uint64_t address(std::uint64_t offset) {
    return reinterpret_cast<std::uint64_t>(memory.data()) + offset;
}

sbi::Result set_shmem(std::uint64_t low, std::uint64_t high = 0, std::uint64_t flags = 0) {
    return sbi::call(sbi::sta, 0, {low, high, flags});
}

void is_found() {
    expect_equal("sbi_probe_extension", 1, sbi::call(sbi::base, 3, {sbi::sta}).value);
}

/// On each hart for itself. Nothing was stolen, then or later.
void memory_is_cleared_and_stays(std::uint64_t) {
    memory.fill(0xee);
    const auto set = set_shmem(address(64));
    expect_success("sbi_steal_time_set_shmem", set);
    expect_equal("the value", 0, set.value);
    sleep(10'000);
    for (std::size_t i = 0; i < memory.size(); ++i) {
        expect_equal("a byte", i >= 64 && i < 128 ? 0 : 0xee, const_cast<volatile std::uint8_t&>(memory[i]));
    }
    expect_success("the end of the report", set_shmem(all_ones, all_ones));
}

void unaligned_memory_is_refused() {
    for (const std::uint64_t offset : {1, 8, 32, 63}) {
        expect_error("unaligned memory", sbi::invalid_param, set_shmem(address(offset)));
    }
    expect_error("a low half of ones alone", sbi::invalid_param, set_shmem(all_ones, 0));
}

void flags_are_refused() {
    for (const std::uint64_t flags : {std::uint64_t{1}, std::uint64_t{1} << 32, all_ones}) {
        expect_error("flags", sbi::invalid_param, set_shmem(address(0), 0, flags));
        expect_error("flags", sbi::invalid_param, set_shmem(all_ones, all_ones, flags));
    }
}

void memory_of_others_is_refused() {
    const auto windows = machine().windows();
    expect_error("address 0", sbi::invalid_address, set_shmem(0));
    expect_error("after memory", sbi::invalid_address, set_shmem(windows.back().end()));
    expect_error("before memory", sbi::invalid_address, set_shmem(windows.front().base - 64));
    expect_error("the UART", sbi::invalid_address, set_shmem(machine().uart.base));
    expect_error("the interrupt controller", sbi::invalid_address, set_shmem(machine().interrupt_controller().base));
    expect_error("a high half", sbi::invalid_address, set_shmem(address(0), 1));
    expect_error("a high half of ones alone", sbi::invalid_address, set_shmem(address(0), all_ones));
}

[[gnu::section(".cases"), gnu::used]] constexpr std::array cases{
    Case{"sta.probe", is_found, When::on_mullion},
    Case{"sta.clear", [] { memory_is_cleared_and_stays(0); }, When::on_mullion},
    Case{"sta.other-hart", [] { run_on(other_hart(0), memory_is_cleared_and_stays); }, When::on_mullion},
    Case{"sta.unaligned", unaligned_memory_is_refused, When::on_mullion},
    Case{"sta.flags", flags_are_refused, When::on_mullion},
    Case{"sta.bad-address", memory_of_others_is_refused, When::on_mullion},
};

}  // namespace

}  // namespace probe
