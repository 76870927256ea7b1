// SPDX-License-Identifier: Apache-2.0
// Describes for the mutants a machine with a PLIC and no IMSIC; a window in the upper part of an Sv48x4 root; harts
// without guest, and so many harts that the stacks must be aligned.
#pragma once

#include "../../proof/fixture_parts.hpp"

namespace mullion::generated {

inline constexpr Hart harts[]{{.id = HartId{0}, .features = {}, .context = 1},
                              {.id = HartId{1}, .features = {}, .context = 3},
                              {.id = HartId{2}, .features = {}, .context = 5},
                              {.id = HartId{3}, .features = {}, .context = 7},
                              {.id = HartId{4}, .features = {}, .context = 9}};
inline constexpr HostRange ram[]{{{0x8000'0000}, 0x1'0000'0000}};

inline constexpr std::uint32_t alpha_harts[]{3, 1};
inline constexpr Window alpha_windows[]{
    {{0x0010'1000}, {0x0010'1000}, 0x1000, Rights::rw, WindowKind::device},
    {{0x8000'0000}, {0x9000'0000}, 0x20'0000, Rights::rwx, WindowKind::memory},
    {{0x1'0000'0000'0000}, {0x1'0000'0000}, 0x4000'0000, Rights::rwx, WindowKind::memory},
};
inline constexpr std::uint32_t beta_harts[]{2};
inline constexpr Window beta_windows[]{
    {{0x8000'0000}, {0x9800'0000}, 0x3000, Rights::rwx, WindowKind::memory},
};
inline constexpr VirtualDevice devices[]{{DeviceKind::plic, {0xc00'0000}, 0x60'0000, 0, 95},
                                         {DeviceKind::uart16550, {0x1000'0000}, 0x100, 10}};
inline constexpr Guest guests[]{fixture_guest("alpha", alpha_harts, alpha_windows, devices),
                                fixture_guest("beta", beta_harts, beta_windows, devices)};
inline constexpr Board board = [] {
    auto b = fixture_board("plic", harts, ram);
    b.plic = {{0xc00'0000}, 0x60'0000, 95};
    return b;
}();
inline constexpr Description description{"plic", board, guests, {}};

}  // namespace mullion::generated
