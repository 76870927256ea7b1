// SPDX-License-Identifier: Apache-2.0
#include "guest_cpus.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

#include "core/isa.hpp"
#include "isa_string.hpp"
#include "overlay.hpp"

namespace mullion::partc {
namespace {

constexpr std::array<std::string_view, 13> of_hart{
    "mmu-type",     "i-cache-size",       "i-cache-sets",      "i-cache-block-size", "d-cache-size",
    "d-cache-sets", "d-cache-block-size", "i-tlb-size",        "i-tlb-sets",         "d-tlb-size",
    "d-tlb-sets",   "tlb-split",          "capacity-dmips-mhz"};

/// Properties of block sizes, with the extension that they belong to.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> blocks{
    {{"zicbom", "riscv,cbom-block-size"}, {"zicbop", "riscv,cbop-block-size"}, {"zicboz", "riscv,cboz-block-size"}}};

/// Properties of caches that are copied. A guest sees a cache controller as a cache without registers.
constexpr std::array<std::string_view, 6> of_cache{"cache-level", "cache-unified",    "cache-size",
                                                   "cache-sets",  "cache-block-size", "cache-line-size"};

void copy(TreeWriter& to, const Node& from, std::string_view name) {
    if (const auto* property = from.find(name)) {
        to.bytes(property->name, property->value);
    }
}

const Node* next_level(const Tree& tree, const Node& node) {
    for (const auto* name : {"next-level-cache", "l2-cache"}) {
        if (const auto phandle = node.cell(name)) {
            return tree.by_phandle(*phandle);
        }
    }
    return nullptr;
}

/// Returns the harts that a node of cpu-map, and those below it, name.
std::vector<const Node*> harts_in(const Tree& tree, const Node& group) {
    std::vector<const Node*> harts;
    walk(group, [&](const Node& node) {
        if (const auto phandle = node.cell("cpu")) {
            harts.push_back(tree.by_phandle(*phandle));
        }
    });
    return harts;
}

/// Returns whether an extension is about floating point, other than D. Mullion enables and clears floating-point
/// registers only with D; without D guests get none.
bool is_floating(std::string_view name) {
    return name == "f" || name.starts_with("zf") || name.starts_with("zhinx") || name == "zdinx";
}

}  // namespace

GuestCpus::GuestCpus(const Tree& tree, const BoardModel& board, const GuestModel& guest, std::uint32_t first_phandle)
    : tree_(tree), board_(board) {
    for (const auto hart : guest.harts) {
        harts_.push_back(board.hart_nodes[hart]);
    }
    auto next = first_phandle;
    map_ = tree.root().child("cpus")->child("cpu-map");
    if (map_ != nullptr) {
        const auto mapped = harts_in(tree, *map_);
        const auto is_mapped = [&](const Node* hart) { return std::ranges::find(mapped, hart) != mapped.end(); };
        map_ = std::ranges::all_of(harts_, is_mapped) ? map_ : nullptr;
    }
    for (const auto* hart : harts_) {
        if (map_ != nullptr || overlay_of(guest) != nullptr) {
            phandles_.emplace(hart, next++);
        }
        collect_caches(*hart);
    }
    for (const auto* cache : caches_) {
        phandles_.emplace(cache, next++);
    }
}

void GuestCpus::collect_caches(const Node& node) {
    const auto* cache = next_level(tree_, node);
    if (cache != nullptr && std::ranges::find(caches_, cache) == caches_.end()) {
        caches_.push_back(cache);
        collect_caches(*cache);
    }
}

bool GuestCpus::is_own(const Node& node) const {
    return std::ranges::find(harts_, &node) != harts_.end();
}

bool GuestCpus::has_own(const Node& group) const {
    return std::ranges::any_of(harts_in(tree_, group),
                               [&](const Node* hart) { return hart != nullptr && is_own(*hart); });
}

void GuestCpus::write(TreeWriter& to, const GuestNodes& nodes) const {
    to.begin("cpus");
    to.cells("#address-cells", {1});
    to.cells("#size-cells", {0});
    to.cells("timebase-frequency", {static_cast<std::uint32_t>(board_.board.timebase_frequency)});
    for (std::size_t i = 0; i < harts_.size(); ++i) {
        write_cpu(to, i, nodes);
    }
    write_caches(to);
    if (map_ != nullptr) {
        to.begin("cpu-map");
        write_group(to, *map_);
        to.end();
    }
    to.end();
}

void GuestCpus::write_cpu(TreeWriter& to, std::size_t index, const GuestNodes& nodes) const {
    const auto& hart = *harts_[index];
    to.begin(fmt::format("cpu@{:x}", index));
    to.string("device_type", "cpu");
    to.cells("reg", {static_cast<std::uint32_t>(index)});
    to.string("status", "okay");
    copy(to, hart, "compatible");
    write_extensions(to, hart);
    for (const auto name : of_hart) {
        copy(to, hart, name);
    }
    write_next_level(to, hart);
    if (const auto phandle = nodes.phandle(hart)) {
        to.cells("phandle", {*phandle});
    }
    to.begin("interrupt-controller");
    to.string("compatible", "riscv,cpu-intc");
    to.empty("interrupt-controller");
    to.cells("#interrupt-cells", {1});
    to.cells("#address-cells", {0});
    to.cells("phandle", {static_cast<std::uint32_t>(index + 1)});
    to.end();
    to.end();
}

/// Writes extensions in both forms, from the same list: older kernels and small guests read only riscv,isa. A guest
/// with Svadu starts with Svade's behaviour and may change that by SBI FWFT; so its tree names both (binding
/// riscv/extensions.yaml).
void GuestCpus::write_extensions(TreeWriter& to, const Node& hart) const {
    auto names = hart.find("riscv,isa-extensions")->strings().value_or(std::vector<std::string>{});
    const auto index = std::ranges::find(board_.hart_nodes, &hart) - board_.hart_nodes.begin();
    const auto& features = board_.harts[static_cast<std::size_t>(index)].features;
    const bool has_doubles = std::ranges::find(names, "d") != names.end();
    std::erase_if(names, [&](const auto& name) {
        const auto extension = find_extension(name);
        return !guest_may_have(name) || (extension && !features.has(*extension)) ||  // not usable on this machine
               (is_floating(name) && !has_doubles);
    });
    const auto has = [&](std::string_view name) { return std::ranges::find(names, name) != names.end(); };
    if (has("svadu") && !has("svade")) {
        names.emplace_back("svade");
    }
    to.string("riscv,isa", isa_of(names));
    to.string("riscv,isa-base", "rv64i");
    to.strings("riscv,isa-extensions", names);
    for (const auto& [extension, property] : blocks) {
        if (has(extension)) {
            copy(to, hart, property);
        }
    }
}

void GuestCpus::write_caches(TreeWriter& to) const {
    std::set<std::string> taken;
    for (const auto* cache : caches_) {
        const auto base = cache->base_name();
        auto name = base;
        for (int n = 2; !taken.insert(name).second; ++n) {
            name = fmt::format("{}-{}", base, n);
        }
        to.begin(name);
        to.string("compatible", "cache");
        for (const auto property : of_cache) {
            copy(to, *cache, property);
        }
        write_next_level(to, *cache);
        to.cells("phandle", {phandles_.at(cache)});
        to.end();
    }
}

void GuestCpus::write_next_level(TreeWriter& to, const Node& node) const {
    if (const auto* cache = next_level(tree_, node)) {
        to.cells("next-level-cache", {phandles_.at(cache)});
    }
}

/// Writes a group of cpu-map. Groups without a hart of the guest are left out and the others renumbered, as Linux looks
/// for cluster0, cluster1 ... and stops at the first missing one (cpu-topology.txt).
void GuestCpus::write_group(TreeWriter& to, const Node& group) const {
    std::map<std::string, int> count;
    for (const auto& child : group.children) {
        if (!has_own(*child)) {
            continue;
        }
        const auto kind = child->name.substr(0, child->name.find_first_of("0123456789"));
        to.begin(fmt::format("{}{}", kind, count[kind]++));
        const auto phandle = child->cell("cpu");
        const auto* hart = phandle ? tree_.by_phandle(*phandle) : nullptr;
        if (hart != nullptr && is_own(*hart)) {
            to.cells("cpu", {phandles_.at(hart)});
        }
        write_group(to, *child);
        to.end();
    }
}

}  // namespace mullion::partc
