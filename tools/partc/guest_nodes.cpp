// SPDX-License-Identifier: Apache-2.0
#include "guest_nodes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ranges>
#include <string_view>
#include <utility>

#include "device_kinds.hpp"
#include "devices.hpp"
#include "interrupts.hpp"
#include "links.hpp"
#include "overlay.hpp"

namespace mullion::partc {
namespace {

const std::string soc = "/soc";
const std::string reserved_memory = "/reserved-memory";

std::string last_of(const std::string& path) {
    return path.substr(path.rfind('/') + 1);
}

/// Returns whether the children of `node` are at addresses of the machine.
bool is_bus(const Node& node) {
    return node.find("ranges") != nullptr;
}

/// Returns `reg` in guest addresses, which for devices are host addresses; nothing if it is local to the parent (the
/// number of an I2C client).
std::vector<GuestRange> mapped(const Node& node) {
    std::vector<GuestRange> ranges;
    for (const auto& range : node.host_ranges().value_or(std::vector<HostRange>{})) {
        ranges.push_back({{range.base.value}, range.size});
    }
    return ranges;
}

/// Returns whether the property is not copied: a guest's tree has another one, or none.
bool is_replaced(const Node& node, std::string_view property) {
    constexpr std::array<std::string_view, 4> always{"phandle", "linux,phandle", "interrupt-parent", "status"};
    constexpr std::array<std::string_view, 3> of_bus{"#address-cells", "#size-cells", "ranges"};
    return std::ranges::find(always, property) != always.end() ||
           (is_bus(node) && std::ranges::find(of_bus, property) != of_bus.end());
}

}  // namespace

GuestNodes::GuestNodes(const Tree& tree, const BoardModel& board, const GuestModel& guest,
                       std::map<const Node*, std::uint32_t> given, std::uint32_t first_phandle)
    : tree_(tree), board_(board), guest_(guest), phandles_(std::move(given)), next_phandle_(first_phandle) {
    // Paths that partc may write itself.
    taken_ = {"/aliases", "/chosen", "/cpus", "/soc", reserved_memory, "/clock-24000000"};
    for (const auto* device : guest.devices) {
        place(*device, soc);
    }
    for (const auto* provider : guest.providers) {
        const bool is_memory = provider->parent->name == last_of(reserved_memory);
        place(*provider, is_memory ? reserved_memory : "");
    }
    for (const auto* units : {&guest.devices, &guest.providers}) {
        std::ranges::for_each(*units, [&](const Node* unit) { number(*unit); });
    }
}

/// Chooses a node's path. Nodes of several buses get one parent, so a number keeps names unique.
void GuestNodes::place(const Node& unit, const std::string& parent) {
    const auto ranges = mapped(unit);
    const auto address = ranges.empty() ? "" : fmt::format("@{:x}", ranges.front().base.value);
    auto path = fmt::format("{}/{}{}", parent, unit.base_name(), address);
    for (int n = 2; !taken_.insert(path).second; ++n) {
        path = fmt::format("{}/{}-{}{}", parent, unit.base_name(), n, address);
    }
    place_below(unit, path);
}

void GuestNodes::place_below(const Node& node, const std::string& path) {
    paths_[&node] = path;
    for (const auto* child : nodes_of(node)) {
        if (child->parent == &node) {
            const auto ranges = mapped(*child);
            const auto name =
                ranges.empty() ? child->name : fmt::format("{}@{:x}", child->base_name(), ranges.front().base.value);
            place_below(*child, path + '/' + name);
        }
    }
}

void GuestNodes::give_phandle(const Node* node) {
    if (node != nullptr && phandles_.emplace(node, next_phandle_).second) {
        ++next_phandle_;
    }
}

/// Assigns phandles to what `unit` refers to, and with an overlay to nodes in it that have a label.
void GuestNodes::number(const Node& unit) {
    for (const auto* node : nodes_of(unit)) {
        for (const auto& property : node->properties) {
            if (!is_replaced(*node, property.name)) {
                for (const auto& link : links_of(tree_, *node, property).value_or(std::vector<Link>{})) {
                    give_phandle(link.target);
                }
            }
        }
        if (uses_interrupt_parent(*node)) {
            give_phandle(interrupt_parent(tree_, *node));
        }
        if (overlay_of(guest_) != nullptr && !node->labels.empty()) {
            give_phandle(node);
        }
    }
}

std::vector<std::pair<std::string, std::string>> GuestNodes::labels() const {
    std::vector<std::pair<std::string, std::string>> labels;
    for (const auto& [node, path] : paths_) {
        for (const auto& label : node->labels) {
            labels.emplace_back(label, path);
        }
    }
    std::ranges::sort(labels);
    return labels;
}

void GuestNodes::write_devices(TreeWriter& to) const {
    std::ranges::for_each(guest_.devices, [&](const Node* device) { write(to, *device); });
}

void GuestNodes::write_providers(TreeWriter& to) const {
    const auto is_memory = [&](const Node* node) { return path(*node)->starts_with(reserved_memory + '/'); };
    for (const auto* provider : guest_.providers) {
        if (!is_memory(provider)) {
            write(to, *provider);
        }
    }
    if (std::ranges::any_of(guest_.providers, is_memory)) {
        to.begin(last_of(reserved_memory));
        to.cells("#address-cells", {2});
        to.cells("#size-cells", {2});
        to.empty("ranges");
        for (const auto* provider : guest_.providers) {
            if (is_memory(provider)) {
                write(to, *provider);
            }
        }
        to.end();
    }
}

void GuestNodes::write(TreeWriter& to, const Node& node) const {
    to.begin(last_of(*path(node)));
    write_properties(to, node);
    write_interrupt_parent(to, node);
    if (is_bus(node)) {
        to.cells("#address-cells", {2});
        to.cells("#size-cells", {2});
        to.empty("ranges");
    }
    if (const auto own = phandle(node)) {
        to.cells("phandle", {*own});
    }
    for (const auto* child : nodes_of(node)) {
        if (child->parent == &node) {
            write(to, *child);
        }
    }
    to.end();
}

void GuestNodes::write_properties(TreeWriter& to, const Node& node) const {
    const bool is_unit = !paths_.contains(node.parent);
    const auto reg = mapped(node);
    for (const auto& property : node.properties) {
        // A node's number among its siblings has no meaning in another place.
        if (is_replaced(node, property.name) || (property.name == "reg" && (is_unit || !reg.empty()))) {
            continue;
        }
        to.bytes(property.name, value(node, property));
    }
    if (!reg.empty()) {
        to.ranges("reg", reg);
    }
    const bool says_itself = node.find("dma-coherent") != nullptr || node.find("dma-noncoherent") != nullptr;
    const auto* above = is_unit && !says_itself ? coherence_of(node) : nullptr;
    if (above != nullptr && !reg.empty()) {
        to.empty(above->name);
    }
}

/// Writes interrupt-parent, unless that is the guest's controller and the node is below /soc, which has it.
void GuestNodes::write_interrupt_parent(TreeWriter& to, const Node& node) const {
    if (!uses_interrupt_parent(node)) {
        return;
    }
    const auto* parent = interrupt_parent(tree_, node);
    const bool is_on_soc = std::ranges::find(guest_.devices, &node) != guest_.devices.end();
    if (!is_on_soc || path(*parent)) {
        to.cells("interrupt-parent", {*phandle(*parent)});
    }
}

/// Returns, in ascending order, the offsets in the property's value of interrupt types to leave out. The guest's PLIC
/// has interrupts of one cell, the board's APLIC of two, of which the second is the type.
std::vector<std::size_t> GuestNodes::types(const Node& node, const Property& property) const {
    std::vector<std::size_t> offsets;
    if (board_.board.controller() != InterruptController::aplic) {
        return offsets;
    }
    const auto size = property.value.size();
    if (property.name == "interrupts-extended") {
        const auto links = links_of(tree_, node, property);
        for (const auto& [offset, target] : *links) {
            if (target == board_.controller && offset + 12 <= size) {
                offsets.push_back(offset + 8);
            }
        }
    } else if (property.name == "interrupts" && uses_interrupt_parent(node) &&
               interrupt_parent(tree_, node) == board_.controller) {
        for (std::size_t offset = 4; offset + 4 <= size; offset += 8) {
            offsets.push_back(offset);
        }
    }
    return offsets;
}

/// Returns the property's value with the guest's phandles.
Bytes GuestNodes::value(const Node& node, const Property& property) const {
    auto bytes = property.value;
    const auto references = links_of(tree_, node, property);
    for (const auto& [offset, target] : *references) {
        const auto number = *phandle(*target);
        for (std::size_t i = 0; i < 4; ++i) {
            bytes[offset + i] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
        }
    }
    for (const auto offset : types(node, property) | std::views::reverse) {
        const auto type = bytes.begin() + static_cast<std::ptrdiff_t>(offset);
        bytes.erase(type, type + 4);
    }
    return bytes;
}

std::optional<std::string> GuestNodes::path(const Node& node) const {
    const auto it = paths_.find(&node);
    return it == paths_.end() ? std::nullopt : std::optional{it->second};
}

std::optional<std::uint32_t> GuestNodes::phandle(const Node& node) const {
    const auto it = phandles_.find(&node);
    return it == phandles_.end() ? std::nullopt : std::optional{it->second};
}

}  // namespace mullion::partc
