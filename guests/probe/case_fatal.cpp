// SPDX-License-Identifier: Apache-2.0
// Ends the guest by traps that cannot be delivered, because the trap vector is outside memory. Returning is a failure.
#include <array>

#include "probe/cases.hpp"
#include "probe/expect.hpp"
#include "probe/paging.hpp"

namespace probe {
namespace {

void announce() {
    print("probe: ", case_name(), " ends the guest");
}

void illegal_instruction_with_vector_at(std::uint64_t vector) {
    announce();
    write_csr<stvec>(vector);
    asm volatile("csrr zero, 0x600" ::: "memory");  // hstatus: only a hypervisor can answer this
    expect("the guest has ended", false);
}

void vector_outside_memory() {
    illegal_instruction_with_vector_at(machine().windows().back().end());
}

void vector_in_a_device() {
    illegal_instruction_with_vector_at(machine().uart.base);
}

void vector_in_an_interrupt_file() {
    illegal_instruction_with_vector_at(machine().interrupt_controller().base);
}

/// Delegated exceptions reach a vector outside memory without the hypervisor, which sees the fetches fail.
void breakpoint_with_vector_outside() {
    announce();
    write_csr<stvec>(machine().windows().back().end());
    asm volatile("ebreak" ::: "memory");
    expect("the guest has ended", false);
}

void tables_outside_memory() {
    announce();
    write_csr<satp>(std::uint64_t{8} << 60 | machine().windows().back().end() >> 12);
    sfence_vma();
    expect("the guest has ended", false);
}

/// x(n) is 0x1000 + n from x8 on. x7 is the register of the jump out of memory.
void with_known_registers() {
    announce();
    const auto nowhere = machine().windows().back().end();
    asm volatile(
        "mv x7, %0\n"
        ".irp n, 8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"
        "li x\\n, 0x1000 + \\n\n"
        ".endr\n"
        "csrw stvec, x7\n"
        "jr x7" ::"r"(nowhere)
        : "memory");
    __builtin_unreachable();
}

void on_another_hart() {
    expect_success("start of a hart", start(other_hart(0), [](std::uint64_t) { vector_outside_memory(); }));
    while (true) {
        sleep(patience);
    }
}

[[gnu::section(".cases"), gnu::used]] constexpr std::array cases{
    Case{"fatal.vector", vector_outside_memory, When::by_name},
    Case{"fatal.vector-device", vector_in_a_device, When::by_name},
    Case{"fatal.vector-interrupt-file", vector_in_an_interrupt_file, When::by_name},
    Case{"fatal.breakpoint", breakpoint_with_vector_outside, When::by_name},
    Case{"fatal.tables", tables_outside_memory, When::by_name},
    Case{"fatal.registers", with_known_registers, When::by_name},
    Case{"fatal.other-hart", on_another_hart, When::by_name},
};

}  // namespace

}  // namespace probe
