// SPDX-License-Identifier: Apache-2.0
#include "reserved.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "core/kept.hpp"
#include "merged.hpp"

namespace mullion::partc {
namespace {

/// The property whose entries say in their third member of what kind memory is (riscv/physical-memory.yaml).
constexpr std::string_view regions = "riscv,physical-memory-regions";
constexpr std::uint32_t order_mask = 3U << 8;
constexpr std::uint32_t order_memory = 2U << 8;
constexpr std::uint32_t alias_mask = 0xffU << 24;

class Reader {
 public:
    Reader(const Tree& tree, const std::vector<HostRange>& ram, Diagnostics& diagnostics)
        : tree_(tree), ram_(ram), diagnostics_(diagnostics) {}

    std::vector<ReservedModel> read() {
        for (const auto& range : tree_.reservations()) {
            add(range, "/memreserve/", {});
        }
        if (const auto* reserved = tree_.root().child("reserved-memory")) {
            for (const auto& node : reserved->children) {
                walk(*node, [&](const Node& below) { reserved_memory(below); });
            }
        }
        for (const auto& node : tree_.root().children) {
            if (node->is_type("memory") && !node->is_enabled()) {
                own(*node);
            }
            if (!node->is_type("memory") && node->name != "reserved-memory" && node->name != "partitions") {
                walk(*node, [&](const Node& below) { within_ram(below); });
            }
        }
        aliases();
        walk(tree_.root(), [&](const Node& node) { offsets(node); });
        return merged(std::move(reserved_), &ReservedModel::range);
    }

 private:
    /// Adds a range in whole pages, as far as a machine can have memory.
    void add(const HostRange& range, std::string name, Position at) {
        constexpr Hpa end{std::uint64_t{1} << 56};
        if (range.size != 0 && range.base < end) {
            const HostRange there{range.base, std::min(range.size, end - range.base)};
            reserved_.push_back({pages_of(there), std::move(name), std::move(at)});
        }
    }

    /// Adds reserved memory. A node without reg has no place until an operating system gives it one.
    void reserved_memory(const Node& node) {
        if (&node != tree_.by_label("firmware") && node.find("reg") != nullptr) {
            own(node);
        }
    }

    void own(const Node& node) {
        // A folder without `ranges` has no addresses but the machine's.
        const auto ranges = node.host_ranges() ? node.host_ranges() : node.reg();
        if (!ranges) {
            diagnostics_.error(node.where("reg"),
                               fmt::format("board: {}: needs reg, with addresses and sizes", node.title()));
        }
        for (const auto& range : ranges.value_or(std::vector<HostRange>{})) {
            add(range, node.title(), node.where("reg"));
        }
    }

    /// Adds what lies in RAM and is no memory of its own: a frame buffer, a log, registers.
    void within_ram(const Node& node) {
        // A device's address that nothing translates may be the machine's.
        const bool is_open = node.find("compatible") != nullptr && node.may_be_anywhere();
        const auto ranges = is_open ? node.reg() : node.host_ranges();
        for (const auto& range : ranges.value_or(std::vector<HostRange>{})) {
            if (range.size != 0 && is_ram(range)) {
                add(range, node.title(), node.where("reg"));
            }
        }
    }

    bool is_ram(const HostRange& range) const {
        return std::ranges::any_of(ram_, [&](const HostRange& bank) { return bank.overlaps(range); });
    }

    /// Adds memory that is none of the banks: it is an alias of one, and in any case no device.
    void aliases() {
        const auto* property = tree_.root().find(regions);
        const auto [address, size] = tree_.root().cell_sizes();
        const std::size_t step = std::size_t{address} + size + 2;
        const auto cells = property == nullptr ? std::nullopt : property->cells();
        if (property != nullptr &&
            (!cells || address < 1 || address > 2 || size < 1 || size > 2 || cells->size() % step != 0)) {
            diagnostics_.error(property->at, fmt::format("board: {} is addresses, sizes, flags and zeros", regions));
            return;
        }
        for (std::size_t i = 0; cells && i < cells->size(); i += step) {
            const auto number = [&](std::size_t at, std::size_t count) {
                const std::uint64_t high = count == 2 ? (*cells)[at] : 0;
                return high << 32 | (*cells)[at + count - 1];
            };
            const HostRange range{{number(i, address)}, number(i + address, size)};
            const auto flags = (*cells)[i + address + size];
            const bool is_memory = (flags & order_mask) == order_memory || (flags & alias_mask) != 0;
            if (is_memory && !is_ram(range)) {
                add(range, std::string{regions}, property->at);
            }
        }
    }

    /// Adds the uncached aliases of RAM, whose offset a cache's node gives.
    void offsets(const Node& node) {
        for (const auto& property : node.properties) {
            const auto offset = property.name.ends_with("uncached-offset") ? property.number() : std::nullopt;
            for (std::size_t i = 0; offset && i < ram_.size(); ++i) {
                add({ram_[i].base + *offset, ram_[i].size}, property.name, property.at);
            }
        }
    }

    const Tree& tree_;
    const std::vector<HostRange>& ram_;
    Diagnostics& diagnostics_;
    std::vector<ReservedModel> reserved_;
};

}  // namespace

std::vector<ReservedModel> read_reserved(const Tree& tree, const std::vector<HostRange>& ram,
                                         Diagnostics& diagnostics) {
    return Reader{tree, ram, diagnostics}.read();
}

}  // namespace mullion::partc
