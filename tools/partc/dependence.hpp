// SPDX-License-Identifier: Apache-2.0
// What Mullion and the harts of each guest need of the board: who has it alone could stop them.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "model.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// Why a node is needed.
struct Need {
    const Node* by = nullptr;            ///< the console, a controller, a timer, memory, or a hart
    const Node* partition = nullptr;     ///< whose hart it is; nothing: Mullion needs it
    const Node* from = nullptr;          ///< what refers to the node: `by`, or what it needs itself
    const Property* property = nullptr;  ///< by which it does
};

class Dependence {
 public:
    Dependence(const Tree& tree, const BoardModel& board);

    /// Who needs `node`, less the harts of `partition` itself.
    std::optional<Need> on(const Node& node, const Node& partition) const;

 private:
    void follow(const Node& by, const Node* partition);
    void find_own(const Node& at, const BoardModel& board);
    void add(const Node& node, const Need& need);

    const Tree& tree_;
    const Node* cpus_ = nullptr;
    /// Of each node the first one, and the first one of another partition.
    std::map<const Node*, std::vector<Need>> needs_;
};

}  // namespace mullion::partc
