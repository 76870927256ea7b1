// SPDX-License-Identifier: Apache-2.0
// Decides which of the board's devices a guest may be given, and what that includes.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "dependence.hpp"
#include "machine_parts.hpp"
#include "model.hpp"
#include "neighbours.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// What a guest gets with a device. Nodes below a device belong to it.
struct Grant {
    const Node* node = nullptr;
    std::vector<HostRange> pages{};  ///< whole pages that contain nothing else of the board, ascending
    std::vector<Source> sources{};
    bool unprotected_dma = false;
    bool noncoherent_dma = false;           ///< around the harts' caches
    std::optional<PciFunction> function{};  ///< if it is one: the pages are its BARs'
};

/// Decides about grants. Everything that it needs is computed once for the board.
class Grants {
 public:
    Grants(const Tree& tree, const BoardModel& board);

    /// Returns the grant of `device` to a partition (its node), or why it cannot be given ("uart0 carries the
    /// consoles"). Devices that may do DMA need the partition's consent.
    std::expected<Grant, std::string> grant(const Node& device, const Node& partition) const;

 private:
    friend class Granter;

    const Tree& tree_;
    const BoardModel& board_;
    const KeptParts kept_;
    const Neighbours neighbours_;
    const MachineParts machine_;
    const Dependence dependence_;
};

/// Returns the node and all enabled nodes below it, which come with it.
std::vector<const Node*> nodes_of(const Node& device);

}  // namespace mullion::partc
