// SPDX-License-Identifier: Apache-2.0
// Describes a difference between what was asked for and what the image does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "range.hpp"

namespace mullion::audit {

struct TableEntry {
    std::uint64_t address = 0;
    std::uint64_t value = 0;

    bool operator==(const TableEntry&) const = default;
};

struct Mismatch {
    std::string where;                 ///< whose tables: "alpha hart 0 (cpu@0), G-stage"
    std::string what;                  ///< what is wrong and what should be
    std::optional<std::uint64_t> at;   ///< address that the tables translate
    std::optional<TableEntry> entry;   ///< the table entry that makes the difference
    bool ignored_by_hardware = false;  ///< no translation depends on it
};

/// Formats a range as "0x80000000..0x9fffffff", both ends included.
std::string text_of(const Range& range);

/// Formats a mismatch as one line, without newline.
std::string text_of(const Mismatch& mismatch);

}  // namespace mullion::audit
