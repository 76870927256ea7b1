// SPDX-License-Identifier: Apache-2.0
// Labels for the nodes of a machine's tree: those that docs/bindings/README.md promises, and the nodes' own names.
#pragma once

#include <map>
#include <string>

#include "host_board.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// The unit address, or the largest number where there is none.
std::uint64_t address_of(const Node& node);

/// Labels that no two nodes share, of everything in `board` that has an address or that something refers to.
std::map<const Node*, std::string> label_host(const Tree& tree, const HostBoard& board);

}  // namespace mullion::partc
