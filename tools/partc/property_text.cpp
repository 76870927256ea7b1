// SPDX-License-Identifier: Apache-2.0
#include "property_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>
#include <utility>

#include "phandles.hpp"
#include "text.hpp"

namespace mullion::partc {
namespace {

constexpr std::size_t longest_line = 120;

bool consists_of(std::string_view name, std::string_view others) {
    return !name.empty() && std::ranges::all_of(name, [&](unsigned char c) {
        return (c < 0x80 && std::isalnum(c) != 0) || others.contains(static_cast<char>(c));
    });
}

/// Returns whether to write the value in base 16, for addresses and what looks like bits.
bool is_hexadecimal(std::string_view name, std::uint32_t value) {
    constexpr std::array<std::string_view, 6> names{"reg",           "ranges", "dma-ranges",
                                                    "interrupt-map", "value",  "interrupt-map-mask"};
    return std::ranges::find(names, name) != names.end() || (value > 0xffff && !name.ends_with("-frequency"));
}

/// Returns the cells in groups, `<...>` each: a reference with its arguments, an entry of `reg`, or everything.
std::vector<std::string> cell_groups(const Tree& tree, const Node& node, const Property& property,
                                     const std::vector<std::uint32_t>& cells,
                                     const std::map<const Node*, std::string>& labels) {
    const auto references = references_of(tree, node, property).value_or(std::vector<Reference>{});
    const auto sizes = node.parent == nullptr ? CellSizes{0, 0} : node.parent->cell_sizes();
    const std::size_t entry = std::size_t{sizes.address} + sizes.size;
    const bool is_reg = property.name == "reg" && entry != 0 && cells.size() % entry == 0;
    std::vector<std::string> groups;
    std::string group;
    auto reference = references.begin();
    std::size_t end = 0;  // end of the reference's arguments
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const bool refers = reference != references.end() && reference->cell == i;
        group += group.empty() ? "" : " ";
        if (refers) {
            group += '&' + labels.at(reference->target);
            end = i + reference->arguments;
            ++reference;
        } else {
            group += is_hexadecimal(property.name, cells[i]) ? hex(cells[i]) : fmt::format("{}", cells[i]);
        }
        const bool ends_reference = !references.empty() && end == i && (refers || i > 0);
        const bool ends_entry = is_reg && (i + 1) % entry == 0;
        if (ends_reference || ends_entry || i + 1 == cells.size()) {
            groups.push_back('<' + std::exchange(group, {}) + '>');
        }
    }
    return groups;
}

std::vector<std::string> string_literals(const Property& property) {
    const auto strings = property.strings();
    const auto is_text = [](const std::string& string) {
        return !string.empty() && std::ranges::all_of(string, [](unsigned char c) { return c >= ' ' && c < 0x7f; });
    };
    std::vector<std::string> literals;
    if (strings && std::ranges::all_of(*strings, is_text)) {
        std::ranges::transform(*strings, std::back_inserter(literals), [](const auto& s) { return literal(s); });
    }
    return literals;
}

std::string bytes_text(const Bytes& bytes) {
    std::string text = "[";
    for (const auto byte : bytes) {
        text += fmt::format("{}{:02x}", text.size() == 1 ? "" : " ", byte);
    }
    return text + "]";
}

}  // namespace

bool is_property_name(std::string_view name) {
    return consists_of(name, ",._+?#-");
}

bool is_node_name(std::string_view name) {
    return consists_of(name, ",._+-@");
}

std::string range_text(std::string_view name, const std::vector<HostRange>& ranges, CellSizes cells) {
    const auto number = [](std::uint64_t value, std::uint32_t count) {
        return count == 1 ? hex(value) : fmt::format("{:#x} {:#x}", value >> 32, value & 0xffffffff);
    };
    std::string text = fmt::format("{} = ", name);
    for (const auto& range : ranges) {
        text += fmt::format("{}<{} {}>", text.back() == '>' ? ", " : "", number(range.base.value, cells.address),
                            number(range.size, cells.size));
    }
    return text + ";";
}

std::string property_text(const Tree& tree, const Node& node, const Property& property,
                          const std::map<const Node*, std::string>& labels, std::size_t column) {
    if (property.value.empty()) {
        return property.name + ";";
    }
    auto parts = string_literals(property);
    if (const auto cells = property.cells(); parts.empty() && cells) {
        parts = cell_groups(tree, node, property, *cells, labels);
    }
    if (parts.empty()) {
        parts.push_back(bytes_text(property.value));
    }
    std::string text = property.name + " =";
    auto length = column + text.size();
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto part = parts[i] + (i + 1 == parts.size() ? ";" : ",");
        const bool fits = length + 1 + part.size() <= longest_line;
        text += fits ? " " : '\n' + std::string(column + 4, ' ');
        length = (fits ? length + 1 : column + 4) + part.size();
        text += part;
    }
    return text;
}

}  // namespace mullion::partc
