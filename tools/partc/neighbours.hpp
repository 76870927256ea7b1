// SPDX-License-Identifier: Apache-2.0
// Which nodes of the board lie in a page, or may.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tree.hpp"

namespace mullion::partc {

/// The places of all nodes but those of partitions, sorted once, so that each of many questions costs little.
class Neighbours {
 public:
    explicit Neighbours(const Tree& tree);

    /// The first node in the order of the tree that is in `pages`, or may be as its registers cannot be told for sure,
    /// and is neither `device` nor below it.
    const Node* in(const HostRange& pages, const Node& device) const;

 private:
    struct Place {
        HostRange range;
        const Node* node = nullptr;
        std::size_t order = 0;    ///< of the node in the tree
        std::uint64_t reach = 0;  ///< the highest end of this one and of those that the search below it leads to
    };

    void collect(const Node& at, std::size_t& order);
    std::uint64_t fill_reach(std::size_t first, std::size_t end);
    void search(std::size_t first, std::size_t end, const HostRange& pages, const Node& device,
                const Place*& found) const;

    std::vector<Place> places_;  ///< ascending; the middle of each part leads to its halves
};

}  // namespace mullion::partc
