// SPDX-License-Identifier: Apache-2.0
// For the mutants: a PLIC, and no IMSIC; a window in the upper part of an Sv48x4 root; harts that have no guest, and so
// many that the stacks must be aligned.
#pragma once

#include "core/description.hpp"

namespace mullion::generated {

inline constexpr Hart harts[]{{HartId{0}, 0, {}, 64, 57, 1},
                              {HartId{1}, 0, {}, 64, 57, 3},
                              {HartId{2}, 0, {}, 64, 57, 5},
                              {HartId{3}, 0, {}, 64, 57, 7},
                              {HartId{4}, 0, {}, 64, 57, 9}};
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
inline constexpr VirtualUart uart{{0x1000'0000}, 0x100, 0, 10};
inline constexpr VirtualPlic plic{{0xc00'0000}, 0x60'0000, 95};
inline constexpr Guest guests[]{
    {"alpha", alpha_harts, alpha_windows, {}, {}, {}, {0x8000'0000}, {0x8000'0000}, uart, {}, plic},
    {"beta", beta_harts, beta_windows, {}, {}, {}, {0x8000'0000}, {0x8000'0000}, uart, {}, plic},
};
inline constexpr Board board{"wired",
                             10'000'000,
                             harts,
                             ram,
                             {{0x8000'0000}, 0x20'0000},
                             {0x8020'0000},
                             {{0x1000'0000}, 0x100, 0, 10},
                             {},
                             {},
                             {{0xc00'0000}, 0x60'0000, 95}};
inline constexpr Description description{"wired", board, guests, {}};

}  // namespace mullion::generated
