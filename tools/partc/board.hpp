// SPDX-License-Identifier: Apache-2.0
// The board's own nodes: harts, memory and the controllers that Mullion drives, found by the labels of the contract.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "diagnostics.hpp"
#include "model.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// `name` is the platform's, `load_address` where its boot loader puts the image.
std::optional<BoardModel> read_board(const Tree& tree, const std::string& name, Hpa load_address,
                                     Diagnostics& diagnostics);

struct Interrupt {
    std::uint32_t source = 0;
    std::uint32_t type = 0;  ///< as in dt-bindings/interrupt-controller/irq.h
};

/// The interrupts of `device`, which go to the APLIC `aplic`; nothing when they do not or are malformed.
std::optional<std::vector<Interrupt>> interrupts_of(const Tree& tree, const Node& device, const Node& aplic);

}  // namespace mullion::partc
