// SPDX-License-Identifier: Apache-2.0
#include "wires.hpp"

#include <optional>

namespace mullion::audit {
namespace {

/// Returns the mode, AIA's SM, of a type of dt-bindings/interrupt-controller/irq.h. Sources of a PLIC have no type.
std::uint64_t mode_of(std::optional<std::uint32_t> type) {
    switch (type.value_or(4)) {
        case 1:
            return 4;  // rising edge
        case 2:
            return 5;  // falling edge
        case 8:
            return 7;  // low level
        default:
            return 6;  // high level
    }
}

/// Collects interrupts that are for the controller.
class Wires {
 public:
    Wires(const Node& node, const Node& controller)
        : node_(node), controller_(controller), width_(controller.cell("#interrupt-cells")) {}

    std::vector<WiredSource> all;

    void add(const std::vector<std::uint32_t>& cells, std::size_t at) {
        if (width_ < 1 || width_ > 2 || at + width_ > cells.size()) {
            node_.fail("has interrupts that are not whole");
        }
        all.push_back({cells[at], mode_of(width_ == 2 ? std::optional{cells[at + 1]} : std::nullopt)});
    }

    void extended(const Tree& tree) {
        const auto cells = node_.cells("interrupts-extended");
        for (std::size_t i = 0; i < cells.size();) {
            const auto target = tree.by_phandle(cells[i]);
            if (target == controller_) {
                add(cells, i + 1);
            }
            i += std::size_t{1} + target.cell("#interrupt-cells");
        }
    }

    void plain() {
        const auto cells = node_.cells("interrupts");
        for (std::size_t i = 0; i < cells.size(); i += width_) {
            add(cells, i);
        }
    }

 private:
    const Node& node_;
    const Node& controller_;
    std::uint32_t width_;
};

/// Returns the node that `interrupts` of `node` are for: the one that the nearest interrupt-parent names, or the
/// nearest interrupt controller above.
std::optional<Node> interrupt_parent(const Tree& tree, const Node& node) {
    for (auto at = node;; at = at.parent()) {
        if (at.has("interrupt-parent")) {
            return tree.by_phandle(at.cell("interrupt-parent"));
        }
        if (!(at == node) && at.has("#interrupt-cells")) {
            return at;
        }
        if (at == tree.root()) {
            return std::nullopt;
        }
    }
}

}  // namespace

std::vector<WiredSource> wires_of(const Tree& tree, const Node& node, const Node& controller) {
    Wires wires{node, controller};
    if (node.has("interrupts-extended")) {
        wires.extended(tree);
    } else if (node.has("interrupts") && interrupt_parent(tree, node) == controller) {
        wires.plain();
    }
    return wires.all;
}

}  // namespace mullion::audit
