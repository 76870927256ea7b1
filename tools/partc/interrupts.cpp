// SPDX-License-Identifier: Apache-2.0
#include "interrupts.hpp"

#include "links.hpp"

namespace mullion::partc {
namespace {

constexpr std::size_t aplic_cells = 2;  ///< of an interrupt: source and type (binding riscv,aplic)

}  // namespace

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
                                                                 const Node& aplic) {
    std::vector<Interrupt> interrupts;
    if (const auto* extended = node.find("interrupts-extended")) {
        const auto references = links_of(tree, node, *extended);
        if (!references) {
            return std::unexpected{"interrupts-extended " + references.error()};
        }
        for (const auto& [offset, target] : *references) {
            if (target == &aplic && offset + (1 + aplic_cells) * 4 > extended->value.size()) {
                return std::unexpected{"interrupts-extended ends too soon"};
            }
            if (target == &aplic) {
                interrupts.push_back({extended->cell_at(offset + 4), extended->cell_at(offset + 8)});
            }
        }
        return interrupts;
    }
    const auto* property = node.find("interrupts");
    if (property == nullptr || interrupt_parent(tree, node) != &aplic) {
        return interrupts;
    }
    const auto cells = property->cells();
    if (!cells || cells->size() % aplic_cells != 0) {
        return std::unexpected{"interrupts are not pairs of a source and a type"};
    }
    for (std::size_t i = 0; i < cells->size(); i += aplic_cells) {
        interrupts.push_back({(*cells)[i], (*cells)[i + 1]});
    }
    return interrupts;
}

}  // namespace mullion::partc
