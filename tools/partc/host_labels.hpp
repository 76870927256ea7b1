// SPDX-License-Identifier: Apache-2.0
// Chooses labels for the nodes of a machine's tree: those that docs/bindings/README.md promises, and the nodes' names.
#pragma once

#include <map>
#include <string>

#include "host_board.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// Returns the unit address, or the largest number if there is none.
std::uint64_t address_of(const Node& node);

/// Returns unique labels for all nodes of `board` that have an address or that something refers to.
std::map<const Node*, std::string> label_host(const Tree& tree, const HostBoard& board);

}  // namespace mullion::partc
