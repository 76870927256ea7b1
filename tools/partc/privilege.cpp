// SPDX-License-Identifier: Apache-2.0
#include "privilege.hpp"

#include <algorithm>
#include <vector>

#include "phandles.hpp"

namespace mullion::partc {
namespace {

constexpr std::uint32_t machine_software = 3;  ///< privileged manual, mip
constexpr std::uint32_t machine_timer = 7;
constexpr std::uint32_t machine_external = 11;

/// Stands for a missing context in a PLIC's node (by its binding).
constexpr std::uint32_t no_interrupt = 0xffffffff;

/// Returns the numbers of the harts' interrupts that `node` signals.
std::vector<std::uint32_t> signalled(const Tree& tree, const Node& node) {
    std::vector<std::uint32_t> numbers;
    const auto* property = node.find("interrupts-extended");
    const auto references = property == nullptr ? std::nullopt : references_of(tree, node, *property);
    if (!references) {
        return numbers;
    }
    const auto cells = *property->cells();
    for (const auto& reference : *references) {
        if (reference.target->is_compatible("riscv,cpu-intc") && reference.arguments == 1 &&
            cells[reference.cell + 1] != no_interrupt) {
            numbers.push_back(cells[reference.cell + 1]);
        }
    }
    return numbers;
}

/// Returns what `node` signals, itself or through the IMSIC to which it sends MSIs.
std::vector<std::uint32_t> signalled_in_the_end(const Tree& tree, const Node& node) {
    const auto own = signalled(tree, node);
    const auto parent = node.cell("msi-parent");
    const auto* imsic = parent ? tree.by_phandle(*parent) : nullptr;
    return own.empty() && imsic != nullptr && node.is_compatible("riscv,aplic") ? signalled(tree, *imsic) : own;
}

}  // namespace

std::optional<std::uint32_t> position_of(const Tree& tree, const Node& controller, const Node& hart) {
    const auto* property = controller.find("interrupts-extended");
    const auto cells = property == nullptr ? std::nullopt : property->cells();
    for (std::size_t i = 0; cells && i + 1 < cells->size(); i += 2) {
        const auto* target = tree.by_phandle((*cells)[i]);
        if (target != nullptr && target->parent == &hart && (*cells)[i + 1] == supervisor_external) {
            return static_cast<std::uint32_t>(i / 2);
        }
    }
    return std::nullopt;
}

bool is_machine_level(const Tree& tree, const Node& node) {
    const auto numbers = signalled_in_the_end(tree, node);
    return !numbers.empty() && std::ranges::all_of(numbers, [](auto number) {
        return number == machine_software || number == machine_timer || number == machine_external;
    });
}

bool is_supervisor_level(const Tree& tree, const Node& node) {
    const auto numbers = signalled_in_the_end(tree, node);
    return std::ranges::find(numbers, supervisor_external) != numbers.end();
}

}  // namespace mullion::partc
