// SPDX-License-Identifier: Apache-2.0
#include "wired_node.hpp"

#include <fmt/format.h>

#include <optional>

#include "privilege.hpp"

namespace mullion::partc {
namespace {

/// Bindings sifive,plic-1.0.0 and riscv,aplic: the place of the hart's interrupt among those that the node names, with
/// which `riscv,hart-indexes` of an APLIC may associate another number.
std::optional<std::uint32_t> context_of(const Tree& tree, const Node& node, const Node& hart) {
    const auto position = position_of(tree, node, hart);
    const auto* indexes = node.find("riscv,hart-indexes");
    if (!position || indexes == nullptr) {
        return position;
    }
    const auto cells = indexes->cells();
    return cells && *position < cells->size() ? std::optional{(*cells)[*position]} : std::nullopt;
}

}  // namespace

std::vector<std::uint32_t> read_contexts(const Tree& tree, const Node& node, const std::vector<const Node*>& harts,
                                         Diagnostics& diagnostics) {
    std::vector<std::uint32_t> contexts;
    if (node.find("msi-parent") != nullptr) {
        diagnostics.error(node.where("msi-parent"),
                          fmt::format("board: {}: sends messages to an IMSIC: label that 'imsic'", node.title()));
        return contexts;
    }
    for (const auto* hart : harts) {
        const auto context = context_of(tree, node, *hart);
        if (!context) {
            diagnostics.error(node.where("interrupts-extended"),
                              fmt::format("board: {}: does not name interrupt {} of {}", node.title(),
                                          supervisor_external, hart->title()));
        }
        contexts.push_back(context.value_or(0));
    }
    return contexts;
}

}  // namespace mullion::partc
