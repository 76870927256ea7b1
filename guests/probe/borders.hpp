// SPDX-License-Identifier: Apache-2.0
// Maps borders between memory, devices and nothing, and watches what must not change when an access crosses one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "probe/hart.hpp"

namespace probe {

/// A border between two adjacent pages.
struct Border {
    std::uint64_t address;
    bool below_faults;
    bool above_faults;
};

/// Pages to choose from: memory, of each emulated device the first, the last, and one with other registers, and a page
/// of nothing.
class BorderPages {
 public:
    BorderPages();
    std::size_t size() const { return size_; }
    /// Maps two of them, one after the other. Requires: paging is on.
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
/// Returns the guest's emulated devices.
Devices emulated_devices();

/// Fills the memory at the border with its pattern.
void fill_border();
/// Expects that each byte is as it was filled, or as the store of `value` across the border left it.
void expect_filled(std::optional<std::uint64_t> value);

/// Remembers, from its construction on, registers that such an access might change. A byte is in the serial port's
/// loopback, so that reading it or sending another one is noticed.
class WatchedDevices {
 public:
    WatchedDevices();
    /// Compares, and leaves the serial port as it was.
    void expect_unchanged() const;

 private:
    static constexpr std::size_t count = 8;
    static std::array<std::uint32_t, count> state();

    std::array<std::uint32_t, count> before_;
};

}  // namespace probe
