// SPDX-License-Identifier: Apache-2.0
// Writes the device tree that a guest gets.
#pragma once

#include <string>

#include "model.hpp"

namespace mullion::partc {

/// Returns the flattened tree of `guest`: its harts numbered from 0, its memory, its interrupt controllers, a 16550 and
/// other emulated devices, and granted devices with what they refer to. `tree` is the board's.
std::string guest_tree(const Tree& tree, const BoardModel& board, const GuestModel& guest);

/// A tree, with or without an overlay, as the guest gets it.
struct FinishedTree {
    std::string blob;
    SeedPlace seed;  ///< relative to the tree's start
};

/// Free bytes at the end, as firmware within a guest (U-Boot) adds properties in place.
inline constexpr std::size_t tree_room = 4096;

/// Adds FDT_NOPs as room for the seed, and `tree_room`.
FinishedTree finish_tree(std::string tree);

}  // namespace mullion::partc
