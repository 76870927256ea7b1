// SPDX-License-Identifier: Apache-2.0
#include "providers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "bystanders.hpp"
#include "device_kinds.hpp"
#include "devices.hpp"
#include "interrupts.hpp"
#include "kept.hpp"
#include "links.hpp"

namespace mullion::partc {
namespace {

/// Returns the device that `node` is a part of: the highest node above it, or itself, that is more than a container.
const Node& unit_of(const Node& node) {
    const auto* unit = &node;
    for (const auto* at = &node; at->parent != nullptr; at = at->parent) {
        unit = is_container(*at) ? unit : at;
    }
    return *unit;
}

/// Returns whether a part of `unit` has registers, or memory, at an address of the machine.
bool has_hardware(const Node& unit) {
    return std::ranges::any_of(nodes_of(unit), [](const Node* node) {
        const auto ranges = node->host_ranges();
        return ranges && std::ranges::any_of(*ranges, [](const HostRange& range) { return range.size != 0; });
    });
}

/// Returns whether `node`, or what it is a part of up to `unit`, is switched off.
bool is_disabled(const Node& unit, const Node& node) {
    const auto* at = &node;
    while (at != &unit && at->is_enabled()) {
        at = at->parent;
    }
    return !at->is_enabled();
}

/// Returns the highest of `roots` that the node is in.
template <class Roots>
const Node* root_of(const Roots& roots, const Node& node) {
    const Node* root = nullptr;
    for (const auto* at = &node; at != nullptr; at = at->parent) {
        root = roots.contains(at) ? at : root;
    }
    return root;
}

/// Maps granted devices to their guests.
using DeviceGuests = std::map<const Node*, const GuestModel*>;

DeviceGuests owners_of(const Model& model) {
    DeviceGuests owners;
    for (const auto& guest : model.guests) {
        std::ranges::for_each(guest.granted(), [&](const Node* device) { owners.emplace(device, &guest); });
    }
    return owners;
}

/// Follows the references of one guest's devices.
class Follower {
 public:
    Follower(const Tree& tree, const Model& model, const DeviceGuests& owners, const GuestModel& guest,
             Diagnostics& diagnostics)
        : tree_(tree),
          model_(model),
          kept_(model.board),
          owners_(owners),
          guest_(guest),
          diagnostics_(diagnostics),
          own_(guest.devices.begin(), guest.devices.end()) {}

    std::vector<const Node*> providers;

    void follow() {
        for (const auto* device : guest_.devices) {
            add(*device);
        }
        while (!nodes_.empty()) {
            const auto& node = *nodes_.front();
            nodes_.pop_front();
            this->node(node);
        }
    }

 private:
    void add(const Node& unit) {
        const auto nodes = nodes_of(unit);
        nodes_.insert(nodes_.end(), nodes.begin(), nodes.end());
    }

    void node(const Node& node) {
        named(node);
        for (const auto& property : node.properties) {
            if (property.name == "interrupt-parent") {
                continue;  // counts only with `interrupts`
            }
            const auto references = links_of(tree_, node, property);
            if (!references) {
                error(node, property, references.error());
                continue;
            }
            for (const auto& reference : *references) {
                leads_to(node, property, *reference.target);
            }
        }
        if (uses_interrupt_parent(node)) {
            const auto& interrupts = *node.find("interrupts");
            if (const auto* parent = interrupt_parent(tree_, node)) {
                leads_to(node, interrupts, *parent);
            } else {
                error(node, interrupts, "has no interrupt-parent");
            }
        }
    }

    /// Reports references that a copy of the node could not keep: by path, or by a number in a vendor's property.
    void named(const Node& node) {
        for (const auto& use : uses_of(tree_, node)) {
            const auto links = links_of(tree_, node, *use.property);
            const auto* device = links && links->empty() ? root_of(owners_, *use.target) : nullptr;
            if (device != nullptr && !own_.contains(device) && is_need(use)) {
                error(node, *use.property,
                      fmt::format("leads to {}, {}", use.target->title(),
                                  unreachable(*use.target, unit_of(*use.target))));
            }
        }
    }

    void leads_to(const Node& from, const Property& property, const Node& target) {
        const auto& unit = unit_of(target);
        const bool is_interrupt = property.name.starts_with("interrupts");
        const auto* own = root_of(own_, target);
        if (own != nullptr) {
            if (is_disabled(*own, target)) {
                error(from, property, fmt::format("leads to {}, which is disabled", target.title()));
            }
        } else if (is_interrupt && &target == model_.board.controller) {
            // The guest has its own one.
        } else if (const auto why = unreachable(target, unit); !why.empty()) {
            error(from, property, fmt::format("leads to {}, {}", target.parent == nullptr ? "/" : target.title(), why));
        } else if (!is_own_hart(target)) {
            providers.push_back(&unit);
            own_.insert(&unit);
            add(unit);
        }
    }

    /// Returns why the guest's tree cannot have a copy of `target`, empty if it can.
    std::string unreachable(const Node& target, const Node& unit) const {
        if (const auto kind = kept_.as(target)) {
            return is_firmwares(*kind) ? "which stays the firmware's" : "which stays Mullion's";
        }
        if (const auto* cpus = tree_.root().child("cpus"); cpus != nullptr && target.is_within(*cpus)) {
            return is_own_hart(target) ? "" : "which is not one of its harts";
        }
        if (const auto* device = root_of(owners_, target)) {
            const auto& other = *owners_.at(device);
            return fmt::format("which belongs to '{}' ({})", other.name, reference(other.node->where("devices"), at()));
        }
        if (unit.parent == nullptr || unit.name == "partitions") {
            return "which is no device";
        }
        if (is_disabled(unit, target)) {
            return "which is disabled";
        }
        if (unit.parent->name == "reserved-memory" && has_hardware(unit)) {
            return "which is a piece of the board's memory, not of the guest's";
        }
        if (has_hardware(unit)) {
            const auto& label = unit.labels.empty() ? unit.name : '&' + unit.labels.front();
            return fmt::format("which has registers: grant {} as well, or /delete-property/ it here", label);
        }
        return {};
    }

    bool is_own_hart(const Node& node) const {
        return std::ranges::any_of(guest_.harts, [&](auto hart) { return model_.board.hart_nodes[hart] == &node; });
    }

    const Position& at() const { return guest_.node->where("devices"); }

    void error(const Node& node, const Property& property, const std::string& text) {
        diagnostics_.error(at(), fmt::format("partition '{}': {}: {} ({}) {}", guest_.name, node.title(), property.name,
                                             reference(property.at, at()), text));
    }

    const Tree& tree_;
    const Model& model_;
    const KeptParts kept_;
    const DeviceGuests& owners_;
    const GuestModel& guest_;
    Diagnostics& diagnostics_;
    std::set<const Node*> own_;  ///< devices and providers
    std::deque<const Node*> nodes_;
};

}  // namespace

namespace {

/// Reports devices that something else, which no guest has, needs, too.
void tell_bystanders(const GuestModel& guest, const std::map<const Node*, Bystander>& bystanders,
                     Diagnostics& diagnostics) {
    const auto& at = guest.node->where("devices");
    for (const auto* device : guest.granted()) {
        if (const auto it = bystanders.find(device); it != bystanders.end()) {
            const auto& [node, use] = it->second;
            const auto& name = node->parent == nullptr ? "/" : node->title();
            diagnostics.error(
                at,
                fmt::format("partition '{}': {} is not one guest's alone: {} needs it ({}, {}); grant "
                            "that as well, or /delete-property/ it here",
                            guest.name, device->title(), name, use.property->name, reference(use.property->at, at)));
        }
    }
}

}  // namespace

void bring_providers(const Tree& tree, Model& model, Diagnostics& diagnostics) {
    std::vector<std::string> refused;
    const auto owners = owners_of(model);
    for (auto& guest : model.guests) {
        const auto before = diagnostics.errors();
        Follower follower{tree, model, owners, guest, diagnostics};
        follower.follow();
        guest.providers = std::move(follower.providers);
        if (diagnostics.errors() != before) {
            refused.push_back(guest.name);
        }
    }
    const auto bystanders = bystanders_of(tree, model);
    for (const auto& guest : model.guests) {
        const auto before = diagnostics.errors();
        tell_bystanders(guest, bystanders, diagnostics);
        if (diagnostics.errors() != before) {
            refused.push_back(guest.name);
        }
    }
    // After all were checked, as messages name other guests.
    std::erase_if(model.guests,
                  [&](const GuestModel& guest) { return std::ranges::find(refused, guest.name) != refused.end(); });
}

}  // namespace mullion::partc
