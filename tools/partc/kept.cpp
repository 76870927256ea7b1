// SPDX-License-Identifier: Apache-2.0
#include "kept.hpp"

#include <algorithm>

#include "device_kinds.hpp"

namespace mullion::partc {

std::vector<Kept> read_kept(const Tree& tree, const BoardModel& board) {
    std::vector<Kept> kept;
    const auto look_at = [&](const Node& node) {
        const auto kind = controller_kind(node);
        const bool is_driven = &node == board.controller || &node == board.imsic || &node == board.iommu;
        const auto ranges = kind && !is_driven ? node.host_ranges() : std::nullopt;
        for (const auto& range : ranges.value_or(std::vector<HostRange>{})) {
            kept.push_back({*kind, range});
        }
    };
    for (const auto& node : tree.root().children) {
        walk(*node, look_at);
    }
    return kept;
}

KeptParts::KeptParts(const BoardModel& board) {
    const auto constant = board.constant();
    const KeptList kept{constant};
    for (std::size_t i = 0; i < kept.size(); ++i) {
        rows_.push_back(kept[i]);
    }
}

std::optional<Kept::Kind> KeptParts::as(const Node& node) const {
    const auto ranges = node.host_ranges().value_or(std::vector<HostRange>{});
    for (const auto& row : rows_) {
        const auto is_part = [&](const HostRange& range) {
            return range.size != 0 && row.range.contains(range.base, range.size);
        };
        if (std::ranges::any_of(ranges, is_part)) {
            return row.kind;
        }
    }
    return std::nullopt;
}

std::string_view kept_text(Kept::Kind kind) {
    switch (kind) {
        case Kept::Kind::console:
            return "carries the consoles and stays Mullion's";
        case Kept::Kind::controller:
        case Kept::Kind::interrupt_files:
        case Kept::Kind::supervisor_file:
            return "is an interrupt controller and stays Mullion's";
        case Kept::Kind::iommu:
            return "stands between devices and memory and stays Mullion's";
        case Kept::Kind::pci_host:
        case Kept::Kind::pci_bus:
            return "leads to PCI functions and stays Mullion's";
        case Kept::Kind::timer:
            return "is a timer of the machine and stays the firmware's";
        case Kept::Kind::firmware:
            return "is memory that the firmware keeps";
    }
    return {};
}

}  // namespace mullion::partc
