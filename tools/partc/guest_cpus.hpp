// SPDX-License-Identifier: Apache-2.0
// Writes /cpus of a guest's tree: its harts, their caches, and how the board groups them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "guest_nodes.hpp"
#include "model.hpp"
#include "tree.hpp"
#include "tree_writer.hpp"

namespace mullion::partc {

/// Copies what a hart's node says of the hart, but not what it says of the machine: guests cannot change clocks,
/// supplies and operating points, and have no idle states and a single NUMA node.
class GuestCpus {
 public:
    /// Assigns phandles, from `first_phandle` on, to harts and caches that something in /cpus refers to.
    GuestCpus(const Tree& tree, const BoardModel& board, const GuestModel& guest, std::uint32_t first_phandle);

    /// Returns the phandles, by the board's nodes.
    const std::map<const Node*, std::uint32_t>& phandles() const { return phandles_; }

    /// Writes /cpus. Hart n's interrupt controller has the phandle n + 1. `nodes` has further references to harts.
    void write(TreeWriter& to, const GuestNodes& nodes) const;

 private:
    void collect_caches(const Node& node);
    bool is_own(const Node& node) const;
    bool has_own(const Node& group) const;
    void write_cpu(TreeWriter& to, std::size_t index, const GuestNodes& nodes) const;
    void write_extensions(TreeWriter& to, const Node& hart) const;
    void write_caches(TreeWriter& to) const;
    void write_next_level(TreeWriter& to, const Node& node) const;
    void write_group(TreeWriter& to, const Node& group) const;

    const Tree& tree_;
    const BoardModel& board_;
    std::vector<const Node*> harts_;   ///< of the guest, in its order
    std::vector<const Node*> caches_;  ///< each once
    const Node* map_ = nullptr;        ///< the board's cpu-map, if it has all harts of the guest
    std::map<const Node*, std::uint32_t> phandles_;
};

}  // namespace mullion::partc
