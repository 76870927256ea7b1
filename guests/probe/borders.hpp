// SPDX-License-Identifier: Apache-2.0
// Borders between memory, devices and nothing, and what must not change when an access crosses one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "probe/hart.hpp"

namespace probe {

/// Between two pages that are beside each other.
struct Border {
    std::uint64_t address;
    bool below_faults;
    bool above_faults;
};

/// A page of memory, pages of each emulated device (the first, the last, and one in which registers of their own
/// stand), and a page of nothing.
class BorderPages {
 public:
    BorderPages();
    std::size_t size() const { return size_; }
    /// Maps two of them, the second behind the first; paging is on.
    Border map(std::size_t below, std::size_t above) const;

 private:
    void add(std::uint64_t physical) { pages_[size_++] = physical; }

    std::array<std::uint64_t, 8> pages_;
    std::size_t size_ = 0;
};

/// Calls `body` for each pair of pages of which one is not memory, with paging on.
void for_each_border(auto body) {
    const BorderPages pages;
    for (std::size_t below = 0; below < pages.size(); ++below) {
        for (std::size_t above = 0; above < pages.size(); ++above) {
            if (const auto border = pages.map(below, above); border.below_faults || border.above_faults) {
                body(border);
            }
        }
    }
}

struct Devices {
    std::array<Region, 3> regions{};
    std::size_t size = 0;
};
/// The guest's emulated ones.
Devices emulated_devices();

/// Gives the memory at the border its pattern.
void fill_border();
/// Each of these bytes is as it was filled, or one of those of `value`, which was stored across it.
void expect_filled(std::optional<std::uint64_t> value);

/// Registers that such an access might change, from when this is made. A byte stands in the serial port's loop: whoever
/// reads it or sends another one is found.
class WatchedDevices {
 public:
    WatchedDevices();
    /// Leaves the serial port as it was.
    void expect_unchanged() const;

 private:
    static constexpr std::size_t count = 8;
    static std::array<std::uint32_t, count> state();

    std::array<std::uint32_t, count> before_;
};

}  // namespace probe
