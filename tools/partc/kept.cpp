// SPDX-License-Identifier: Apache-2.0
#include "kept.hpp"

#include <algorithm>
#include <memory>

#include "device_kinds.hpp"

namespace mullion::partc {
namespace {

void collect(const std::vector<std::unique_ptr<Node>>& nodes, const BoardModel& board, std::vector<Kept>& kept) {
    for (const auto& node : nodes) {
        const auto kind = controller_kind(*node);
        const bool is_driven = node.get() == board.controller || node.get() == board.imsic;
        const auto ranges = kind && !is_driven ? node->host_ranges() : std::nullopt;
        for (const auto& range : ranges.value_or(std::vector<HostRange>{})) {
            kept.push_back({*kind, range});
        }
        collect(node->children, board, kept);
    }
}

}  // namespace

std::vector<Kept> read_kept(const Tree& tree, const BoardModel& board) {
    std::vector<Kept> kept;
    collect(tree.root().children, board, kept);
    return kept;
}

std::optional<Kept::Kind> kept_as(const BoardModel& board, const Node& node) {
    const auto ranges = node.host_ranges().value_or(std::vector<HostRange>{});
    const auto constant = board.constant();
    const KeptList kept{constant};
    for (std::size_t i = 0; i < kept.size(); ++i) {
        const auto row = kept[i];
        const auto is_part = [&](const HostRange& range) {
            return range.size != 0 && row.range.contains(range.base, range.size);
        };
        if (std::ranges::any_of(ranges, is_part)) {
            return row.kind;
        }
    }
    return std::nullopt;
}

}  // namespace mullion::partc
