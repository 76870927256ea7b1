// SPDX-License-Identifier: Apache-2.0
// Declares what a case is: a function that returns if everything that it expects holds. There is a file for each
// subject (case_*.cpp), and no list of them: each has its cases in the section .cases, which probe.ld gathers.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace probe {

enum class When : std::uint8_t {
    always,      ///< part of its group
    on_mullion,  ///< part of its group; checks a promise of Mullion that bare hardware does not make
    by_name,     ///< only when asked for: it ends or disturbs the guest
};

/// What the guest's tree must have. Without it the case is in no group, and its name is unknown.
enum class Needs : std::uint8_t {
    no_more,
    sstc,
    svpbmt,
    svadu,
    no_svadu,
    sscofpmf,
    imsic,
    plic,
    external,  ///< an IMSIC or a PLIC
    floats,
    vectors,
    scalar_crypto,
    vector_crypto,
    zicboz,
    zicbom,
    ssnpm,
    pci,
    edu,  ///< a PCI function
};

bool machine_has(Needs needs);

struct Case {
    std::string_view name;  ///< GROUP.NAME
    void (*run)();
    When when = When::always;
    Needs needs = Needs::no_more;
};

/// In the order of the files' names.
std::span<const Case> all_cases();

}  // namespace probe
