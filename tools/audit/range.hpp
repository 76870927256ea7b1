// SPDX-License-Identifier: Apache-2.0
// Defines ranges of addresses, and the error for inputs that cannot be audited.
#pragma once

#include <cstdint>
#include <stdexcept>

namespace mullion::audit {

inline constexpr std::uint64_t page_size = 4096;

/// Addresses [base, base + size), which do not wrap.
struct Range {
    std::uint64_t base = 0;
    std::uint64_t size = 0;

    bool operator==(const Range&) const = default;
    std::uint64_t end() const { return base + size; }
    bool overlaps(const Range& other) const { return base < other.end() && other.base < end(); }
    bool contains(const Range& other) const { return base <= other.base && other.end() <= end(); }
};

/// Returns the whole pages that a range touches.
inline Range pages_of(const Range& range) {
    const auto base = range.base & ~(page_size - 1);
    return {base, ((range.end() + page_size - 1) & ~(page_size - 1)) - base};
}

/// Thrown for an input that cannot be understood; the message says which and why.
struct Error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace mullion::audit
