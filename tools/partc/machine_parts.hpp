// SPDX-License-Identifier: Apache-2.0
// What the machine ends by: the nodes that say so, and all that this takes.
#pragma once

#include <map>
#include <vector>

#include "model.hpp"
#include "tree.hpp"

namespace mullion::partc {

class MachineParts {
 public:
    MachineParts(const Tree& tree, const BoardModel& board);

    /// The node that ends or resets the machine by way of `node`, which may be itself; nothing where none does.
    const Node* ended_by(const Node& node) const;

 private:
    void find(const Node& at);
    void add(const Node& node, const Node& switch_node);
    void follow(const Node& node, const Node& switch_node);

    const Tree& tree_;
    const BoardModel& board_;
    std::map<const Node*, const Node*> switches_;  ///< of each part
    std::vector<const Node*> open_;                ///< parts whose own needs are not followed yet
};

}  // namespace mullion::partc
