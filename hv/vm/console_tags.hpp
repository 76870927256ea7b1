// SPDX-License-Identifier: Apache-2.0
// Makes the tag before each line (`alpha  | `) from names.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/description.hpp"
#include "vm/console_staging.hpp"

namespace mullion {

/// Owners are numbered like the description's guests; the number after the last guest is Mullion.
class Tags {
 public:
    constexpr Tags(std::span<const Guest> guests, bool color) : guests_(guests), color_(color) {
        for (const auto& guest : guests) {
            width_ = std::max(width_, guest.name.size());
        }
    }

    constexpr bool in_color() const { return color_; }
    /// Returns the width of a tag in columns.
    constexpr std::uint32_t columns() const {
        return static_cast<std::uint32_t>(width_ + std::string_view{"| "}.size());
    }
    constexpr std::size_t own() const { return guests_.size(); }
    constexpr std::string_view name(std::size_t owner) const { return owner == own() ? own_name : guests_[owner].name; }

    /// Writes a tag. Names are padded to the longest. With colours each guest has one, and the last line's are reset.
    constexpr void put(Staging& out, std::size_t owner) const {
        if (color_) {
            out.put(owner == own() ? own_color : colors[owner % colors.size()]);
        }
        out.put(name(owner));
        out.put_spaces(width_ - name(owner).size());
        out.put("|");
        if (color_) {
            out.put("\x1b[0m");
        }
        out.put(" ");
    }

 private:
    static constexpr std::string_view own_name = "mullion";
    // Select Graphic Rendition (ECMA-48, 8.3.117): reset, then bold for Mullion, a colour for a guest.
    static constexpr std::string_view own_color = "\x1b[0;1m";
    static constexpr std::array<std::string_view, 6> colors{"\x1b[0;36m", "\x1b[0;33m", "\x1b[0;35m",
                                                            "\x1b[0;32m", "\x1b[0;34m", "\x1b[0;31m"};

    std::span<const Guest> guests_;
    bool color_;
    std::size_t width_ = own_name.size();
};

}  // namespace mullion
