// SPDX-License-Identifier: Apache-2.0
// What the device tree of a machine (as its firmware or QEMU makes it) means to Mullion.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tree.hpp"

namespace mullion::partc {

struct HostBoard {
    std::vector<const Node*> harts;  ///< that the tree offers, by their ids
    const Node* uart = nullptr;      ///< that carries the console
    const Node* aplic = nullptr;     ///< the supervisor-level domain with the console's interrupt
    const Node* imsic = nullptr;     ///< the supervisor-level files
    const Node* plic = nullptr;
    HostRange firmware;                         ///< size 0: the tree does not say
    std::vector<HostRange> reserved;            ///< RAM that somebody else keeps
    std::set<const Node*> left_out;             ///< the machine level's and the firmware's; what is below them, too
    std::map<const Node*, std::string> labels;  ///< of every node that is kept and can be referred to
    std::vector<std::string> open;              ///< what could not be decided, in words
    /// riscv,isa-extensions of the harts that have only riscv,isa.
    std::map<const Node*, std::vector<std::string>> extensions;
};

/// `load_address`, where known, is where the boot loader puts the image: RAM below is the firmware's.
HostBoard understand_host(const Tree& tree, std::optional<Hpa> load_address);

}  // namespace mullion::partc
