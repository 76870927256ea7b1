// SPDX-License-Identifier: Apache-2.0
// Finds nodes of the board that are, or may be, in a page.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tree.hpp"

namespace mullion::partc {

/// The places of all nodes except partitions', sorted once, so that each query is cheap.
class Neighbours {
 public:
    explicit Neighbours(const Tree& tree);

    /// Returns the first node, in the order of the tree, that overlaps `pages`, or may do so because its place is
    /// uncertain, and that is neither `device` nor below it; null if there is none.
    const Node* in(const HostRange& pages, const Node& device) const;

 private:
    struct Place {
        HostRange range;
        const Node* node = nullptr;
        std::size_t order = 0;    ///< order of the node in the tree
        std::uint64_t reach = 0;  ///< the highest end of this place and of those in the halves below it
    };

    std::uint64_t fill_reach(std::size_t first, std::size_t end);
    void search(std::size_t first, std::size_t end, const HostRange& pages, const Node& device,
                const Place*& found) const;

    std::vector<Place>
        places_;  ///< ascending; a binary search tree, in which the middle of each part has its halves as children
};

}  // namespace mullion::partc
