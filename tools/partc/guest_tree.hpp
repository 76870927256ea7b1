// SPDX-License-Identifier: Apache-2.0
// The device tree that a guest is given.
#pragma once

#include <string>

#include "model.hpp"

namespace mullion::partc {

/// The flattened tree of `guest`: its harts numbered from 0, its memory, an IMSIC, an APLIC and a 16550 where the
/// board has them, and the devices that it was granted with what they refer to. `tree` is the board's.
std::string guest_tree(const Tree& tree, const BoardModel& board, const GuestModel& guest);

/// What guest_tree() made, with an overlay on it or without, as the guest gets it.
struct FinishedTree {
    std::string blob;
    SeedPlace seed;  ///< as if the tree lay at address 0
};

/// Free bytes behind everything else: firmware that a guest brings along (U-Boot) adds properties in place.
inline constexpr std::size_t tree_room = 4096;

/// With no-ops for the seed and with `tree_room`.
FinishedTree finish_tree(std::string tree);

}  // namespace mullion::partc
