// SPDX-License-Identifier: Apache-2.0
// What hv/tables.cpp, which is compiled for each description, gives to the rest of the hypervisor.
#pragma once

#include <cstdint>
#include <span>

#include "core/description.hpp"
#include "core/layout.hpp"

namespace mullion {

extern const Description description;
extern const Layout layout;

/// What hot paths ask of the board, worked out beforehand.
struct BoardKind {
    InterruptController controller;
    bool sstc;  ///< every hart has it
};
extern const BoardKind board_kind;

/// The rows of the board's KeptList (core/kept.hpp).
extern const std::span<const Kept> kept_of_board;

/// For each of the board's harts: hgatp, 0 if it has no guest.
extern const std::span<const std::uint64_t> hgatp;

}  // namespace mullion
