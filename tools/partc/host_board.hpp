// SPDX-License-Identifier: Apache-2.0
// Finds out what the device tree of a machine (from its firmware or QEMU) means to Mullion.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tree.hpp"

namespace mullion::partc {

struct HostBoard {
    std::vector<const Node*> harts;  ///< that the tree offers, ordered by id
    const Node* uart = nullptr;      ///< carries the console
    const Node* aplic = nullptr;     ///< the supervisor-level domain with the console's interrupt
    const Node* imsic = nullptr;     ///< the supervisor-level files
    const Node* plic = nullptr;
    HostRange firmware;                         ///< size 0: the tree does not say
    std::vector<HostRange> reserved;            ///< RAM with another use
    std::vector<HostRange> occupied;            ///< by what is left out, in a page that a kept node has, too
    std::set<const Node*> left_out;             ///< of the machine level and the firmware, with all nodes below
    std::map<const Node*, std::string> labels;  ///< of every kept node that can be referred to
    std::vector<std::string> open;              ///< undecided questions, in words
    /// riscv,isa-extensions for harts that have only riscv,isa.
    std::map<const Node*, std::vector<std::string>> extensions;
};

/// Interprets a machine's tree. `load_address` is where the boot loader puts the image, if known: RAM below it is the
/// firmware's.
HostBoard understand_host(const Tree& tree, std::optional<Hpa> load_address);

}  // namespace mullion::partc
