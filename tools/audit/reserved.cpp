// SPDX-License-Identifier: Apache-2.0
#include "reserved.hpp"

#include <algorithm>

extern "C" {
#include <libfdt.h>
}

namespace mullion::audit {
namespace {

/// Adds the memory reservation block (Devicetree specification 5.3).
void of_head(const Tree& tree, std::vector<NamedRange>& reserved) {
    for (int i = 0; i < fdt_num_mem_rsv(tree.fdt()); ++i) {
        std::uint64_t base = 0;
        std::uint64_t size = 0;
        if (fdt_get_mem_rsv(tree.fdt(), i, &base, &size) == 0 && size != 0) {
            reserved.push_back({"/memreserve/", {base, size}});
        }
    }
}

void of_node(const Node& node, std::vector<NamedRange>& reserved) {
    // A node without reg has no place until Linux gives it one.
    if (node.has("reg")) {
        for (const auto& range : node.mapped_reg().value_or(node.reg())) {
            reserved.push_back({node.name(), range});
        }
    }
    for (const auto& child : node.children()) {
        of_node(child, reserved);
    }
}

bool touches(const std::vector<Range>& ram, const Range& range) {
    return std::ranges::any_of(ram, [&](const Range& bank) { return bank.overlaps(range); });
}

/// Returns the node's host addresses; none if it has only a number on its bus, like a chip.
std::vector<Range> place_of(const Node& node) {
    try {
        return node.has("reg") ? node.mapped_reg().value_or(std::vector<Range>{}) : std::vector<Range>{};
    } catch (const Error&) {
        return {};
    }
}

/// Adds devices' registers and buffers within RAM.
void of_devices(const Node& node, const std::vector<Range>& ram, std::vector<NamedRange>& reserved) {
    for (const auto& range : place_of(node)) {
        if (touches(ram, range)) {
            reserved.push_back({node.name(), range});
        }
    }
    for (const auto& child : node.children()) {
        of_devices(child, ram, reserved);
    }
}

/// Adds aliases of RAM (Linux's bindings, riscv/physical-memory.yaml): the third member of each entry says whether it
/// is memory, or an alias of memory.
void of_regions(const Node& root, const std::vector<Range>& ram, std::vector<NamedRange>& reserved) {
    const auto* const name = "riscv,physical-memory-regions";
    const auto cells = root.cells(name);
    const auto address = cells.empty() ? 1 : root.cell("#address-cells");
    const auto size = cells.empty() ? 1 : root.cell("#size-cells");
    const std::size_t step = address + size + 2;
    if (address < 1 || address > 2 || size < 1 || size > 2 || cells.size() % step != 0) {
        root.fail("has regions of memory that are not of four things each");
    }
    for (std::size_t i = 0; i < cells.size(); i += step) {
        const auto number = [&](std::size_t at, std::size_t count) {
            return (count == 2 ? std::uint64_t{cells[at]} << 32 : 0) | cells[at + count - 1];
        };
        const Range range{number(i, address), number(i + address, size)};
        const auto flags = cells[i + address + size];
        const bool is_memory = (flags >> 8 & 3) == 2 || flags >> 24 != 0;
        if (is_memory && !touches(ram, range)) {
            reserved.push_back({name, range});
        }
    }
}

/// Adds uncached aliases of RAM, whose offset a cache's node gives.
void of_offsets(const Node& node, const std::vector<Range>& ram, std::vector<NamedRange>& reserved) {
    for (const auto& property : node.properties()) {
        if (property.ends_with("uncached-offset")) {
            const auto offset = node.number(property).value_or(0);
            for (const auto& bank : ram) {
                reserved.push_back({property, {bank.base + offset, bank.size}});
            }
        }
    }
    for (const auto& child : node.children()) {
        of_offsets(child, ram, reserved);
    }
}

}  // namespace

std::vector<NamedRange> read_reserved(const Tree& tree, const std::vector<Range>& ram) {
    std::vector<NamedRange> all;
    of_head(tree, all);
    for (const auto& node : tree.root().children()) {
        if (node.name() == "reserved-memory") {
            std::ranges::for_each(node.children(), [&](const Node& child) { of_node(child, all); });
        } else if (node.is("device_type", "memory")) {
            if (!node.is_enabled()) {
                of_node(node, all);
            }
        } else if (node.name() != "partitions") {
            of_devices(node, ram, all);
        }
    }
    of_regions(tree.root(), ram, all);
    of_offsets(tree.root(), ram, all);
    // Ranges are cut off at the end of the address space.
    for (auto& [name, range] : all) {
        range.size = std::min(range.size, ~range.base);
    }
    std::ranges::stable_sort(all, {}, [](const NamedRange& named) { return named.range.base; });
    std::vector<NamedRange> merged;
    for (const auto& next : all) {
        if (merged.empty() || !merged.back().range.overlaps(next.range)) {
            merged.push_back(next);
        } else {
            auto& range = merged.back().range;
            range.size = std::max(range.end(), next.range.end()) - range.base;
        }
    }
    return merged;
}

}  // namespace mullion::audit
