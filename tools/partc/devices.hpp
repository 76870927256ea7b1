// SPDX-License-Identifier: Apache-2.0
// Which of the board's devices a guest may be given, and what giving one takes.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "dependence.hpp"
#include "machine_parts.hpp"
#include "model.hpp"
#include "neighbours.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// What giving a device to a guest takes. Nodes below a device belong to it.
struct Grant {
    const Node* node = nullptr;
    std::vector<HostRange> pages;  ///< whole pages that nothing else of the board lies in, ascending
    std::vector<Source> sources;
    bool unprotected_dma = false;
};

/// What decides about grants, worked out once for the board.
class Grants {
 public:
    Grants(const Tree& tree, const BoardModel& board);

    /// The grant of `device` to a partition (its node), or why it cannot be given ("uart0 carries the consoles").
    /// Devices that may master the bus need the partition's word that it accepts them.
    std::expected<Grant, std::string> grant(const Node& device, const Node& partition) const;

 private:
    friend class Granter;

    const Tree& tree_;
    const BoardModel& board_;
    const Neighbours neighbours_;
    const MachineParts machine_;
    const Dependence dependence_;
};

/// The node and all below it that comes with it: what is disabled stays out.
std::vector<const Node*> nodes_of(const Node& device);

}  // namespace mullion::partc
