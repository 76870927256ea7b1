// SPDX-License-Identifier: Apache-2.0
// Describes for the mutants a machine with interrupt files in two groups, three guest files a hart, and a hart without
// guest; memory whose places allow no large leaves, or that ends inside one; and an image.
#pragma once

#include "../../proof/fixture_parts.hpp"

namespace mullion::generated {

inline constexpr Hart harts[]{{HartId{0}, 0, {}}, {HartId{1}, 1, {}}, {HartId{4}, 2, {}}, {HartId{5}, 3, {}}};
inline constexpr HostRange ram[]{{{0x8000'0000}, 0x1'0000'0000}};

inline constexpr std::uint32_t alpha_harts[]{2, 0};
inline constexpr Window alpha_windows[]{
    {{0x2800'0000}, {0x2900'1000}, 0x1000, Rights::rw, WindowKind::interrupt_file},
    {{0x2800'1000}, {0x2800'1000}, 0x1000, Rights::rw, WindowKind::interrupt_file},
    {{0x8000'0000}, {0x9000'0000}, 0x40'1000, Rights::rwx, WindowKind::memory},
};
inline constexpr std::uint32_t beta_harts[]{1};
inline constexpr Window beta_windows[]{
    {{0x0010'1000}, {0x0010'1000}, 0x1000, Rights::rw, WindowKind::device},
    {{0x2800'0000}, {0x2800'5000}, 0x1000, Rights::rw, WindowKind::interrupt_file},
    {{0x7fff'f000}, {0x9080'1000}, 0x20'3000, Rights::rwx, WindowKind::memory},
};
inline constexpr VirtualDevice devices[]{{DeviceKind::aplic, {0xd00'0000}, 0x8000, 0, 96},
                                         {DeviceKind::uart16550, {0x1000'0000}, 0x100, 10}};
inline constexpr Guest guests[]{fixture_guest("alpha", alpha_harts, alpha_windows, devices),
                                fixture_guest("beta", beta_harts, beta_windows, devices)};
inline constexpr Image images[]{{"one", 5000, {}}, {"two", 1, {}}};
inline constexpr Board board = [] {
    auto b = fixture_board("groups", harts, ram);
    b.aplic = {{0xd00'0000}, 0x8000, 96};
    b.imsic = {{0x2800'0000}, 0x8000, 2, 255, 255, 2, 1, 24};
    return b;
}();
inline constexpr Description description{"groups", board, guests, images};

}  // namespace mullion::generated
