// SPDX-License-Identifier: Apache-2.0
#include "tree.hpp"

#include <fmt/format.h>

extern "C" {
#include <libfdt.h>
}

namespace mullion::audit {
namespace {

std::uint64_t joined(const std::vector<std::uint32_t>& cells, std::size_t first, std::size_t count) {
    std::uint64_t value = 0;
    for (std::size_t i = first; i < first + count; ++i) {
        value = value << 32 | cells[i];
    }
    return value;
}

}  // namespace

std::string Node::name() const {
    return fdt_get_name(tree_->fdt(), offset_, nullptr);
}

std::vector<Node> Node::children() const {
    std::vector<Node> children;
    for (int c = fdt_first_subnode(tree_->fdt(), offset_); c >= 0; c = fdt_next_subnode(tree_->fdt(), c)) {
        children.emplace_back(*tree_, c);
    }
    return children;
}

std::optional<Node> Node::child(const std::string& name) const {
    const int offset = fdt_subnode_offset(tree_->fdt(), offset_, name.c_str());
    return offset < 0 ? std::nullopt : std::optional{Node{*tree_, offset}};
}

Node Node::parent() const {
    const int above = fdt_parent_offset(tree_->fdt(), offset_);
    if (above < 0) {
        fail("is the root, which has no address");
    }
    return {*tree_, above};
}

bool Node::has(const std::string& property) const {
    return fdt_getprop(tree_->fdt(), offset_, property.c_str(), nullptr) != nullptr;
}

bool Node::is(const std::string& property, const std::string& value) const {
    return fdt_stringlist_search(tree_->fdt(), offset_, property.c_str(), value.c_str()) >= 0;
}

bool Node::is_enabled() const {
    return !has("status") || is("status", "okay") || is("status", "ok");
}

std::vector<std::string> Node::properties() const {
    std::vector<std::string> names;
    for (int p = fdt_first_property_offset(tree_->fdt(), offset_); p >= 0;
         p = fdt_next_property_offset(tree_->fdt(), p)) {
        const char* name = nullptr;
        if (fdt_getprop_by_offset(tree_->fdt(), p, &name, nullptr) != nullptr) {
            names.emplace_back(name);
        }
    }
    return names;
}

std::vector<std::uint32_t> Node::cells(const std::string& property) const {
    int size = 0;
    const auto* bytes = static_cast<const std::uint8_t*>(fdt_getprop(tree_->fdt(), offset_, property.c_str(), &size));
    std::vector<std::uint32_t> cells;
    if (bytes == nullptr) {
        return cells;
    }
    if (size % 4 != 0) {
        fail(fmt::format("'{}' is not made of numbers", property));
    }
    for (int i = 0; i < size; i += 4) {
        cells.push_back(std::uint32_t{bytes[i]} << 24 | std::uint32_t{bytes[i + 1]} << 16 |
                        std::uint32_t{bytes[i + 2]} << 8 | bytes[i + 3]);
    }
    return cells;
}

std::uint32_t Node::cell(const std::string& property) const {
    const auto all = cells(property);
    if (all.size() != 1) {
        fail(fmt::format("'{}' is not one number", property));
    }
    return all.front();
}

std::optional<std::uint64_t> Node::number(const std::string& property) const {
    const auto all = cells(property);
    if (all.size() > 2) {
        fail(fmt::format("'{}' is not one number", property));
    }
    return all.empty() ? std::nullopt : std::optional{joined(all, 0, all.size())};
}

std::vector<Range> Node::reg() const {
    const auto all = cells("reg");
    const auto address = parent().cell("#address-cells");
    const auto size = parent().cell("#size-cells");
    const auto step = address + size;
    if (all.empty() || address < 1 || address > 2 || size < 1 || size > 2 || all.size() % step != 0) {
        fail("'reg' is not addresses and sizes");
    }
    std::vector<Range> ranges;
    for (std::size_t i = 0; i < all.size(); i += step) {
        const Range range{joined(all, i, address), joined(all, i + address, size)};
        if (range.size == 0 || range.end() + page_size < range.base) {
            fail("'reg' is empty or passes the end of the address space");
        }
        ranges.push_back(range);
    }
    return ranges;
}

/// Returns where a range of this bus is on its parent bus (devicetree specification, `ranges`).
std::optional<std::uint64_t> Node::translated(const Range& range) const {
    if (!has("ranges")) {
        return std::nullopt;
    }
    const auto all = cells("ranges");
    if (all.empty()) {
        return range.base;
    }
    const auto own = cell("#address-cells");
    const auto above = parent().cell("#address-cells");
    const auto size = cell("#size-cells");
    if (own < 1 || own > 2 || above < 1 || above > 2 || size < 1 || size > 2 ||
        all.size() % (own + above + size) != 0) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < all.size(); i += own + above + size) {
        const Range entry{joined(all, i, own), joined(all, i + own + above, size)};
        const Range higher{joined(all, i + own, above), entry.size};
        if (entry.contains(range) && higher.end() >= higher.base) {
            return range.base - entry.base + higher.base;
        }
    }
    return std::nullopt;
}

std::optional<std::vector<Range>> Node::mapped_reg() const {
    auto ranges = reg();
    for (auto bus = parent(); !(bus == tree_->root()); bus = bus.parent()) {
        for (auto& range : ranges) {
            const auto base = bus.translated(range);
            if (!base) {
                return std::nullopt;
            }
            range.base = *base;
        }
    }
    return ranges;
}

std::vector<Range> Node::host_reg() const {
    const auto ranges = mapped_reg();
    if (!ranges) {
        fail("is on a bus from which no way leads to its addresses");
    }
    return *ranges;
}

Range Node::only_host_reg() const {
    const auto ranges = host_reg();
    if (ranges.size() != 1) {
        fail("has more than one range of addresses");
    }
    return ranges.front();
}

void Node::fail(const std::string& why) const {
    throw Error(fmt::format("description: {}: {}", offset_ == 0 ? "/" : name(), why));
}

Tree::Tree(std::string blob) : blob_(std::move(blob)) {
    if (fdt_check_full(blob_.data(), blob_.size()) != 0) {
        throw Error("description: not a device tree blob");
    }
}

Node Tree::by_phandle(std::uint32_t phandle) const {
    const int offset = fdt_node_offset_by_phandle(fdt(), phandle);
    if (offset < 0) {
        throw Error(fmt::format("description: {} refers to no node", phandle));
    }
    return {*this, offset};
}

int Tree::labelled(const std::string& label) const {
    const int symbols = fdt_path_offset(fdt(), "/__symbols__");
    int size = 0;
    const char* path =
        symbols < 0 ? nullptr : static_cast<const char*>(fdt_getprop(fdt(), symbols, label.c_str(), &size));
    const bool is_string = path != nullptr && size > 0 && path[size - 1] == '\0';
    return is_string ? fdt_path_offset(fdt(), path) : -1;
}

bool Tree::has_label(const std::string& label) const {
    return labelled(label) >= 0;
}

Node Tree::by_label(const std::string& label) const {
    const int offset = labelled(label);
    if (offset < 0) {
        throw Error(fmt::format("description: no node is labelled '{}' (dtc -@ keeps the labels)", label));
    }
    return {*this, offset};
}

}  // namespace mullion::audit
