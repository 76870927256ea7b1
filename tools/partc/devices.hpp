// SPDX-License-Identifier: Apache-2.0
// Which of the board's devices a guest may be given, and what of a device's node its tree then carries.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "board.hpp"
#include "model.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// What giving a device to a guest takes.
struct Grant {
    const Node* node = nullptr;
    std::vector<HostRange> pages;  ///< whole pages that nothing else of the board lies in
    std::vector<std::uint32_t> sources;
    bool unprotected_dma = false;
};

/// The grant of `device`, or why it cannot be given ("uart0 carries the consoles"). `dma_allowed`: the guest's node
/// accepts devices that may master the bus.
std::expected<Grant, std::string> grant(const Tree& tree, const BoardModel& board, const Node& device,
                                        bool dma_allowed);

/// Whether a guest's tree carries this property of a granted device unchanged.
bool is_copied(std::string_view property);

}  // namespace mullion::partc
