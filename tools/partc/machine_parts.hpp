// SPDX-License-Identifier: Apache-2.0
// Finds the nodes that can end the machine, and everything that they depend on.
#pragma once

#include <map>
#include <vector>

#include "kept.hpp"
#include "tree.hpp"

namespace mullion::partc {

class MachineParts {
 public:
    MachineParts(const Tree& tree, const KeptParts& kept);

    /// Returns the node that can end or reset the machine through `node`, perhaps itself; null if there is none.
    const Node* ended_by(const Node& node) const;

 private:
    void add(const Node& node, const Node& switch_node);
    void follow(const Node& node, const Node& switch_node);

    const Tree& tree_;
    const KeptParts& kept_;
    std::map<const Node*, const Node*> switches_;  ///< for each part the node that ends the machine through it
    std::vector<const Node*> open_;                ///< parts whose dependences are still to be followed
};

}  // namespace mullion::partc
