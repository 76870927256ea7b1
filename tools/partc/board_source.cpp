// SPDX-License-Identifier: Apache-2.0
#include "board_source.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "host_labels.hpp"
#include "merged.hpp"
#include "phandles.hpp"
#include "property_text.hpp"
#include "text.hpp"

namespace mullion::partc {
namespace {

constexpr std::string_view added = "  // added";

class BoardWriter {
 public:
    BoardWriter(const Tree& tree, const HostBoard& board) : tree_(tree), board_(board) {
        walk(tree.root(), [&](const Node& node) { find_references(node); });
    }

    std::string text;

    void node(const Node& node, const std::string& indent) {
        const auto label = board_.labels.find(&node);
        const auto inner = indent + "    ";
        text += fmt::format("{}{}{} {{\n", indent, label == board_.labels.end() ? "" : label->second + ": ",
                            node.parent == nullptr ? "/" : node.name);
        properties(node, inner);
        for (const auto* child : kept_children(node)) {
            text += text.ends_with("{\n") ? "" : "\n";
            this->node(*child, inner);
        }
        if (node.parent == nullptr) {
            reserved_memory(inner);
        }
        text += indent + "};\n";
    }

 private:
    /// Returns the children to keep, ordered by address; nodes without one come last, in the order of the tree.
    std::vector<const Node*> kept_children(const Node& node) const {
        std::vector<const Node*> children;
        for (const auto& child : node.children) {
            if (!board_.left_out.contains(child.get())) {
                children.push_back(child.get());
            }
        }
        std::ranges::stable_sort(children, {}, [](const Node* child) { return address_of(*child); });
        return children;
    }

    void find_references(const Node& node) {
        for (const auto& property : node.properties) {
            const auto references = references_of(tree_, node, property);
            for (const auto& reference : references.value_or(std::vector<Reference>{})) {
                understood_.insert(reference.target);
            }
            if (!references && is_vendors(property.name)) {
                const auto cells = property.cells().value_or(std::vector<std::uint32_t>{});
                numbers_.insert(cells.begin(), cells.end());
            }
        }
    }

    /// Returns whether the node must keep its phandle because a vendor's property, which is copied as numbers, may
    /// refer to it. For all other references a label is enough.
    bool keeps_phandle(const Node& node, std::uint32_t phandle) const {
        return numbers_.contains(phandle) || !understood_.contains(&node);
    }

    void properties(const Node& node, const std::string& indent) {
        const auto line = [&](const std::string& property) { text += fmt::format("{}{}\n", indent, property); };
        for (const auto& property : node.properties) {
            if (property.name == "linux,phandle" || !is_property_name(property.name) ||
                (property.name == "phandle" && !keeps_phandle(node, node.cell("phandle").value_or(0)))) {
                continue;
            }
            if (property.name == "reg" && node.is_type("memory") && !board_.reserved.empty()) {
                line(memory_reg(node));
            } else if (const auto* gone = leads_out(node, property)) {
                line(fmt::format("// {}: refers to {}, which is left out", property.name, gone->name));
            } else {
                line(property_text(tree_, node, property, board_.labels, indent.size()));
            }
        }
        if (node.find("interrupt-controller") != nullptr && node.find("#address-cells") == nullptr) {
            line(fmt::format("#address-cells = <0>;{}", added));
        }
        if (const auto it = board_.extensions.find(&node); it != board_.extensions.end()) {
            line("riscv,isa-base = \"rv64i\";" + std::string{added} + ", as riscv,isa-extensions, from riscv,isa");
            line(property_text(tree_, node, strings_of("riscv,isa-extensions", it->second), {}, indent.size()));
        }
    }

    static Property strings_of(const std::string& name, const std::vector<std::string>& strings) {
        Property property{name, {}, {}};
        for (const auto& string : strings) {
            property.value.insert(property.value.end(), string.begin(), string.end());
            property.value.push_back(0);
        }
        return property;
    }

    /// Returns a node that `property` refers to and that is not in the file, null if there is none.
    const Node* leads_out(const Node& node, const Property& property) const {
        for (const auto& reference : references_of(tree_, node, property).value_or(std::vector<Reference>{})) {
            if (!board_.labels.contains(reference.target)) {
                return reference.target;
            }
        }
        return nullptr;
    }

    /// Returns `reg` without reserved memory.
    std::string memory_reg(const Node& node) const {
        auto ranges = node.reg().value_or(std::vector<HostRange>{});
        for (const auto& hole : board_.reserved) {
            std::vector<HostRange> rest;
            for (const auto& range : ranges) {
                if (!range.overlaps(hole)) {
                    rest.push_back(range);
                    continue;
                }
                if (range.base < hole.base) {
                    rest.push_back({range.base, hole.base - range.base});
                }
                if (hole.end() < range.end()) {
                    rest.push_back({hole.end(), range.end() - hole.end()});
                }
            }
            ranges = std::move(rest);
        }
        return ranges.empty() ? "// reg: all of it is reserved"
                              : range_text("reg", ranges, node.parent->cell_sizes()) + "  // less what is reserved";
    }

    /// Writes what the firmware keeps, and what else no guest gets, so that no reader of the file takes it for free.
    void reserved_memory(const std::string& indent) {
        auto others = board_.reserved;
        others.insert(others.end(), board_.occupied.begin(), board_.occupied.end());
        others = merged(std::move(others), std::identity{});
        if (board_.firmware.size == 0 && others.empty()) {
            return;
        }
        const auto inner = indent + "    ";
        text += fmt::format("\n{0}reserved-memory {{\n{1}#address-cells = <2>;\n{1}#size-cells = <2>;\n{1}ranges;\n",
                            indent, inner);
        if (board_.firmware.size != 0) {
            text += fmt::format("\n{}// What the SBI firmware keeps.\n", inner);
            reservation("firmware: firmware", board_.firmware, inner);
        }
        for (const auto& range : others) {
            text += '\n';
            reservation("reserved", range, inner);
        }
        text += fmt::format("{}}};\n", indent);
    }

    void reservation(std::string_view name, const HostRange& range, const std::string& indent) {
        text += fmt::format("{0}{1}@{2:x} {{\n{0}    {3}\n{0}    no-map;\n{0}}};\n", indent, name, range.base.value,
                            range_text("reg", {range}, {2, 2}));
    }

    const Tree& tree_;
    const HostBoard& board_;
    std::set<const Node*> understood_;  ///< some reference to them is understood, and becomes a label
    std::set<std::uint32_t> numbers_;   ///< in properties that may refer to something
};

}  // namespace

std::string board_source(const Tree& tree, const HostBoard& board, const std::string& origin) {
    BoardWriter writer{tree, board};
    writer.text = fmt::format(
        "// SPDX-License-Identifier: Apache-2.0\n"
        "// Written by `partc board` from {}, less what is the machine level's and the firmware's.\n"
        "// The labels are the contract with descriptions (docs/bindings/README.md).\n",
        origin);
    if (!board.open.empty()) {
        writer.text += "//\n// What the tree does not decide:\n";
        for (const auto& open : board.open) {
            writer.text += fmt::format("//   {}\n", open);
        }
    }
    writer.text += '\n';
    writer.node(tree.root(), "");
    return std::move(writer.text);
}

}  // namespace mullion::partc
