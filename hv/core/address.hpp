// SPDX-License-Identifier: Apache-2.0
// Keeps addresses of three spaces apart: types that never convert into each other.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

namespace mullion {

/// A byte address in the space named by `Space`. Explicit in, explicit out.
template <class Space>
struct Address {
    std::uint64_t value = 0;

    constexpr auto operator<=>(const Address&) const = default;
    constexpr Address operator+(std::uint64_t bytes) const { return {value + bytes}; }
    constexpr Address operator-(std::uint64_t bytes) const { return {value - bytes}; }
    /// Returns the distance in bytes. Requires: `other <= *this`.
    constexpr std::uint64_t operator-(Address other) const { return value - other.value; }
};

using Hpa = Address<struct HostPhysical>;   ///< supervisor physical address of the machine
using Gpa = Address<struct GuestPhysical>;  ///< guest physical address (G-stage input)
using Gva = Address<struct GuestVirtual>;   ///< guest virtual address (VS-stage input)

inline constexpr std::uint64_t page_size = 4096;
inline constexpr std::size_t cache_line = 64;  ///< bytes; words that harts of two guests write are never in one line
inline constexpr std::uint64_t kibi = 1024;
inline constexpr std::uint64_t mebi = 1024 * kibi;
inline constexpr std::uint64_t gibi = 1024 * mebi;

/// Rounds up to a multiple of `alignment`. Requires: `alignment` is a power of two, here and in the next two.
constexpr std::uint64_t align_up(std::uint64_t value, std::uint64_t alignment) {
    return (value + alignment - 1) & ~(alignment - 1);
}
constexpr std::uint64_t align_down(std::uint64_t value, std::uint64_t alignment) {
    return value & ~(alignment - 1);
}
constexpr bool is_aligned(std::uint64_t value, std::uint64_t alignment) {
    return (value & (alignment - 1)) == 0;
}

/// A half-open range [base, base + size) that does not wrap.
template <class Space>
struct Range {
    Address<Space> base;
    std::uint64_t size = 0;

    constexpr bool operator==(const Range&) const = default;
    constexpr Address<Space> end() const { return base + size; }
    constexpr bool contains(Address<Space> at, std::uint64_t bytes = 1) const {
        return at >= base && bytes <= size && at - base <= size - bytes;
    }
    constexpr bool overlaps(const Range& other) const {
        return size != 0 && other.size != 0 && base < other.end() && other.base < end();
    }
};

using HostRange = Range<HostPhysical>;
using GuestRange = Range<GuestPhysical>;

enum class HartId : std::uint64_t {};  ///< mhartid of a physical hart, as SBI uses it

}  // namespace mullion
