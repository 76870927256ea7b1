// SPDX-License-Identifier: Apache-2.0
// An SBI extension as one row: its numbers, what counts its calls, and what answers them. Each stands at the end of
// the extension's own header; an image has a table of those that its description wants.
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
    std::uint64_t first;  ///< its numbers (a7) are [first, last]
    std::uint64_t last;
    Exit exit;  ///< what counts its calls
    SbiResult (*answer)(VCpu& self, Port& port, const SbiCall& call);

    constexpr bool has(std::uint64_t extension) const { return extension >= first && extension <= last; }
};

/// The row of an extension that has one number.
template <class Port>
constexpr SbiRow<Port> sbi_row(SbiExtension extension, Exit exit, SbiResult (*answer)(VCpu&, Port&, const SbiCall&)) {
    const auto number = static_cast<std::uint64_t>(extension);
    return {number, number, exit, answer};
}

/// A port that knows the table.
template <class Port>
concept SbiTablePort = SbiPort<Port> && requires(Port& port, std::uint64_t number) {
    /// Returns the rows: a range of pointers to SbiRow<Port>.
    port.extensions();
    /// Returns the number, of which the compiler then knows nothing.
    { port.forget_compares(number) } -> std::same_as<std::uint64_t>;
};

/// Those that are called often, which every image has: they are no rows (vm/sbi/dispatch.hpp).
constexpr bool is_answered_first(SbiExtension extension) {
    return extension == SbiExtension::time || extension == SbiExtension::ipi || extension == SbiExtension::rfence;
}

/// The row of an extension; null if the image has none.
template <SbiTablePort Port>
const SbiRow<Port>* find_row(Port& port, std::uint64_t extension) {
    for (const SbiRow<Port>* row : port.extensions()) {
        if (row->has(extension)) {
            return row;
        }
    }
    return nullptr;
}

/// Whether the image answers the extension's calls.
template <SbiTablePort Port>
bool sbi_offers(Port& port, std::uint64_t extension) {
    return is_answered_first(static_cast<SbiExtension>(extension)) || find_row(port, extension) != nullptr;
}

}  // namespace mullion
