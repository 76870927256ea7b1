// SPDX-License-Identifier: Apache-2.0
// Which of the board's devices a guest may be given, and what giving one takes.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "model.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// What giving a device to a guest takes. Nodes below a device belong to it.
struct Grant {
    const Node* node = nullptr;
    std::vector<HostRange> pages;  ///< whole pages that nothing else of the board lies in, ascending
    std::vector<Source> sources;
    bool unprotected_dma = false;
};

/// The grant of `device`, or why it cannot be given ("uart0 carries the consoles"). `dma_allowed`: the guest's node
/// accepts devices that may master the bus.
std::expected<Grant, std::string> grant(const Tree& tree, const BoardModel& board, const Node& device,
                                        bool dma_allowed);

/// The node and all below it that comes with it: what is disabled stays out.
std::vector<const Node*> nodes_of(const Node& device);

}  // namespace mullion::partc
