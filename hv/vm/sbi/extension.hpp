// SPDX-License-Identifier: Apache-2.0
// Describes an SBI extension by a row: its ids, the counter of its calls, and the function that answers them. The row
// is at the end of the extension's header. An image has a table of the rows that its description wants.
#pragma once

#include <concepts>
#include <cstdint>

#include "core/csr_numbers.hpp"
#include "core/sbi_numbers.hpp"
#include "vm/sbi/port.hpp"
#include "vm/vcpu.hpp"

namespace mullion {

/// The registers of a guest's ECALL. No function has an argument in a5.
struct SbiCall {
    std::uint64_t a0 = 0;
    std::uint64_t a1 = 0;
    std::uint64_t a2 = 0;
    std::uint64_t a3 = 0;
    std::uint64_t a4 = 0;
    std::uint64_t function = 0;   ///< a6
    std::uint64_t extension = 0;  ///< a7
};

template <class Port>
struct SbiRow {
    std::uint64_t first;  ///< its ids (a7) are [first, last]
    std::uint64_t last;
    Exit exit;  ///< counts its calls
    SbiResult (*answer)(VCpu& self, Port& port, const SbiCall& call);

    constexpr bool has(std::uint64_t extension) const { return extension >= first && extension <= last; }
};

/// Returns the row of an extension that has one id.
template <class Port>
constexpr SbiRow<Port> sbi_row(SbiExtension extension, Exit exit, SbiResult (*answer)(VCpu&, Port&, const SbiCall&)) {
    const auto number = static_cast<std::uint64_t>(extension);
    return {number, number, exit, answer};
}

/// A port that also provides the table.
template <class Port>
concept SbiTablePort = SbiPort<Port> && requires(Port& port, std::uint64_t number) {
    /// Returns the rows: a range of pointers to SbiRow<Port>.
    port.extensions();
    /// Returns the number, but hides from the compiler what it knows of it.
    { port.forget_compares(number) } -> std::same_as<std::uint64_t>;
};

/// Returns whether dispatch.hpp answers the extension without the table, as it is called often and every image has it.
constexpr bool is_answered_first(SbiExtension extension) {
    return extension == SbiExtension::time || extension == SbiExtension::ipi || extension == SbiExtension::rfence;
}

/// Returns the row of an extension, null if the image has none.
template <SbiTablePort Port>
const SbiRow<Port>* find_row(Port& port, std::uint64_t extension) {
    for (const SbiRow<Port>* row : port.extensions()) {
        if (row->has(extension)) {
            return row;
        }
    }
    return nullptr;
}

/// Returns whether the image answers the extension's calls.
template <SbiTablePort Port>
bool sbi_offers(Port& port, std::uint64_t extension) {
    return is_answered_first(static_cast<SbiExtension>(extension)) || find_row(port, extension) != nullptr;
}

}  // namespace mullion
