// SPDX-License-Identifier: Apache-2.0
#include "contexts.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "privilege.hpp"

namespace mullion::partc {
namespace {

class ContextReader {
 public:
    ContextReader(const Tree& tree, const Node& node, Diagnostics& diagnostics)
        : tree_(tree), node_(node), diagnostics_(diagnostics) {}

    /// Returns the hart's number: the index of its interrupt among those that the node names, or the one that
    /// `riscv,hart-indexes` of an APLIC has at that index (bindings sifive,plic-1.0.0 and riscv,aplic).
    std::uint32_t context_of(const Node& hart) {
        const auto position = position_of(tree_, node_, hart);
        if (!position) {
            error("interrupts-extended",
                  fmt::format("does not name interrupt {} of {}", supervisor_external, hart.title()));
            return 0;
        }
        const auto* indexes = node_.find("riscv,hart-indexes");
        if (indexes == nullptr) {
            return *position;
        }
        const auto cells = indexes->cells();
        if (!cells || *position >= cells->size()) {
            error("riscv,hart-indexes", fmt::format("riscv,hart-indexes has no number for {}", hart.title()));
            return 0;
        }
        return (*cells)[*position];
    }

    void error(std::string_view property, const std::string& text) {
        diagnostics_.error(node_.where(property), fmt::format("board: {}: {}", node_.title(), text));
    }

 private:
    const Tree& tree_;
    const Node& node_;
    Diagnostics& diagnostics_;
};

}  // namespace

std::vector<std::uint32_t> read_contexts(const Tree& tree, const Node& node, const std::vector<const Node*>& harts,
                                         Diagnostics& diagnostics) {
    ContextReader reader{tree, node, diagnostics};
    std::vector<std::uint32_t> contexts;
    if (node.find("msi-parent") != nullptr) {
        reader.error("msi-parent", "sends messages to an IMSIC: label that 'imsic'");
        return contexts;
    }
    for (const auto* hart : harts) {
        contexts.push_back(reader.context_of(*hart));
    }
    return contexts;
}

}  // namespace mullion::partc
