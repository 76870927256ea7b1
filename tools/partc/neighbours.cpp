// SPDX-License-Identifier: Apache-2.0
#include "neighbours.hpp"

#include <algorithm>

namespace mullion::partc {

Neighbours::Neighbours(const Tree& tree) {
    std::size_t order = 0;
    const auto collect = [&](const Node& node) {
        for (const auto& ranges : {node.possible_ranges(), node.pci_windows()}) {
            for (const auto& range : ranges) {
                if (range.size != 0) {
                    places_.push_back({range, &node, order, 0});
                }
            }
        }
        ++order;
    };
    for (const auto& node : tree.root().children) {
        if (node->name != "partitions") {
            walk(*node, collect);
        }
    }
    std::ranges::sort(places_, {}, [](const Place& place) { return place.range.base; });
    fill_reach(0, places_.size());
}

const Node* Neighbours::in(const HostRange& pages, const Node& device) const {
    const Place* found = nullptr;
    search(0, places_.size(), pages, device, found);
    return found == nullptr ? nullptr : found->node;
}

std::uint64_t Neighbours::fill_reach(std::size_t first, std::size_t end) {
    if (first == end) {
        return 0;
    }
    const auto middle = first + (end - first) / 2;
    auto& place = places_[middle];
    place.reach = std::max({place.range.end().value, fill_reach(first, middle), fill_reach(middle + 1, end)});
    return place.reach;
}

void Neighbours::search(std::size_t first, std::size_t end, const HostRange& pages, const Node& device,
                        const Place*& found) const {
    if (first == end) {
        return;
    }
    const auto middle = first + (end - first) / 2;
    const auto& place = places_[middle];
    if (place.reach <= pages.base.value) {
        return;
    }
    search(first, middle, pages, device, found);
    const bool is_earlier = found == nullptr || place.order < found->order;
    if (is_earlier && place.range.overlaps(pages) && !place.node->is_within(device)) {
        found = &place;
    }
    if (place.range.base < pages.end()) {
        search(middle + 1, end, pages, device, found);
    }
}

}  // namespace mullion::partc
