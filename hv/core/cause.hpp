// SPDX-License-Identifier: Apache-2.0
// Names the values of scause (privileged manual, supervisor cause values with the H extension; AIA 2.2).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/csr_numbers.hpp"

namespace mullion::csr {

constexpr std::string_view cause_name(std::uint64_t scause) {
    constexpr std::array<std::string_view, 24> exceptions{
        "instruction address misaligned",
        "instruction access fault",
        "illegal instruction",
        "breakpoint",
        "load address misaligned",
        "load access fault",
        "store address misaligned",
        "store access fault",
        "environment call from U-mode",
        "environment call from HS-mode",
        "environment call from VS-mode",
        "",
        "instruction page fault",
        "load page fault",
        "",
        "store page fault",
        "double trap",
        "",
        "software check",
        "hardware error",
        "instruction guest-page fault",
        "load guest-page fault",
        "virtual instruction",
        "store guest-page fault",
    };
    constexpr std::array<std::string_view, 14> interrupts{
        "",
        "supervisor software interrupt",
        "guest's software interrupt",
        "",
        "",
        "supervisor timer interrupt",
        "guest's timer interrupt",
        "",
        "",
        "supervisor external interrupt",
        "guest's external interrupt",
        "",
        "supervisor guest external interrupt",
        "counter overflow interrupt",
    };
    const bool interrupt = (scause & cause::interrupt_bit) != 0;
    const auto code = scause & ~cause::interrupt_bit;
    std::string_view name;
    if (interrupt && code < interrupts.size()) {
        name = interrupts[code];
    } else if (!interrupt && code < exceptions.size()) {
        name = exceptions[code];
    }
    if (name.empty()) {
        return interrupt ? "unknown interrupt" : "unknown exception";
    }
    return name;
}

constexpr bool is_guest_page_fault(std::uint64_t scause) {
    return scause == cause::instruction_guest_page || scause == cause::load_guest_page ||
           scause == cause::store_guest_page;
}

}  // namespace mullion::csr
