// SPDX-License-Identifier: Apache-2.0
// Finds what Mullion and the harts of each guest need of the board. A guest that had such a node could stop them.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "kept.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// A reason why a node is needed.
struct Need {
    const Node* by = nullptr;            ///< the console, a controller, a timer, memory, or a hart
    const Node* partition = nullptr;     ///< the partition whose hart needs it; null: Mullion does
    const Node* from = nullptr;          ///< the node that refers to it: `by`, or a node that `by` needs
    const Property* property = nullptr;  ///< the property that refers to it
};

class Dependence {
 public:
    Dependence(const Tree& tree, const KeptParts& kept);

    /// Returns a need of `node`, except by the harts of `partition`; nothing if there is none.
    std::optional<Need> on(const Node& node, const Node& partition) const;

 private:
    void follow(const Node& by, const Node* partition);
    void add(const Node& node, const Need& need);

    const Tree& tree_;
    const Node* cpus_ = nullptr;
    /// For each node the first need, and the first one of another partition.
    std::map<const Node*, std::vector<Need>> needs_;
};

}  // namespace mullion::partc
