// SPDX-License-Identifier: Apache-2.0
#include "interrupts.hpp"

#include "links.hpp"

namespace mullion::partc {
SourceMode mode_of(const Interrupt& interrupt) {
    switch (interrupt.type) {  // dt-bindings/interrupt-controller/irq.h
        case 1:
            return SourceMode::edge1;
        case 2:
            return SourceMode::edge0;
        case 8:
            return SourceMode::level0;
        default:
            return SourceMode::level1;
    }
}

const Node* interrupt_parent(const Tree& tree, const Node& node) {
    for (const auto* at = &node; at != nullptr; at = at->parent) {
        if (const auto phandle = at->cell("interrupt-parent")) {
            return tree.by_phandle(*phandle);
        }
        if (at != &node && at->find("#interrupt-cells") != nullptr) {
            return at;
        }
    }
    return nullptr;
}

bool uses_interrupt_parent(const Node& node) {
    return node.find("interrupts") != nullptr && node.find("interrupts-extended") == nullptr;
}

std::expected<std::vector<Interrupt>, std::string> interrupts_of(const Tree& tree, const Node& node,
                                                                 const Node& controller) {
    const std::size_t width = controller.cell("#interrupt-cells").value_or(plic_cells);
    const auto interrupt = [&](const auto& cell_at) {
        return Interrupt{cell_at(0), width == aplic_cells ? cell_at(1) : 0};
    };
    std::vector<Interrupt> interrupts;
    if (const auto* extended = node.find("interrupts-extended")) {
        const auto references = links_of(tree, node, *extended);
        if (!references) {
            return std::unexpected{"interrupts-extended " + references.error()};
        }
        for (const auto& [offset, target] : *references) {
            if (target == &controller && offset + (1 + width) * 4 > extended->value.size()) {
                return std::unexpected{"interrupts-extended ends too soon"};
            }
            if (target == &controller) {
                const auto at = offset + 4;
                interrupts.push_back(interrupt([&](std::size_t i) { return extended->cell_at(at + 4 * i); }));
            }
        }
        return interrupts;
    }
    const auto* property = node.find("interrupts");
    if (property == nullptr || interrupt_parent(tree, node) != &controller) {
        return interrupts;
    }
    const auto cells = property->cells();
    if (!cells || cells->size() % width != 0) {
        return std::unexpected{width == aplic_cells ? "interrupts are not pairs of a source and a type"
                                                    : "interrupts are not numbers of sources"};
    }
    for (std::size_t at = 0; at < cells->size(); at += width) {
        interrupts.push_back(interrupt([&](std::size_t i) { return (*cells)[at + i]; }));
    }
    return interrupts;
}

}  // namespace mullion::partc
