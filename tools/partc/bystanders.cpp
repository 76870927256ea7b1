// SPDX-License-Identifier: Apache-2.0
#include "bystanders.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "device_kinds.hpp"

namespace mullion::partc {
namespace {

/// Nodes below the root that are no hardware, or are judged elsewhere (dependence.hpp).
constexpr std::array<std::string_view, 6> apart{"aliases",    "chosen",        "cpus",
                                                "partitions", "thermal-zones", "__symbols__"};

/// Returns whether the property says what a node is wired to.
bool is_line(const Property& property) {
    return property.name.ends_with("gpio") || property.name.ends_with("gpios") || property.name == "pwms";
}

/// Returns whether the node gives power to others, by the wires that another node of its name may describe, too.
bool is_supply(const Node& node) {
    return node.find("regulator-name") != nullptr;
}

class Finder {
 public:
    Finder(const Tree& tree, const Model& model) : tree_(tree) {
        for (const auto& guest : model.guests) {
            const auto granted = guest.granted();
            devices_.insert(granted.begin(), granted.end());
            owned_.insert(guest.providers.begin(), guest.providers.end());
        }
        // Devices of a partition with a mistake count as granted, too.
        const auto* partitions = tree.root().child("partitions");
        for (std::size_t i = 0; partitions != nullptr && i < partitions->children.size(); ++i) {
            const auto devices = listed_in(tree, *partitions->children[i], "devices");
            owned_.insert(devices.begin(), devices.end());
        }
    }

    std::map<const Node*, Bystander> found;

    void below(const Node& node, bool is_enabled) {
        if (owned_.contains(&node)) {
            return;
        }
        for (const auto& use : is_end_of_the_line(node) ? std::vector<Use>{} : uses_of(tree_, node)) {
            // A disabled node needs nothing itself, but its lines and supplies are still wired.
            if (is_need(use) && (is_enabled || is_line(*use.property) || is_supply(node))) {
                needs(node, use);
            }
        }
        for (const auto& child : node.children) {
            const bool is_apart = node.parent == nullptr && std::ranges::find(apart, child->name) != apart.end();
            if (!is_apart) {
                below(*child, is_enabled && child->is_enabled());
            }
        }
    }

 private:
    void needs(const Node& node, const Use& use) {
        for (const auto* at = use.target; at != nullptr; at = at->parent) {
            if (devices_.contains(at)) {
                found.emplace(at, Bystander{&node, use});
            }
        }
    }

    const Tree& tree_;
    std::set<const Node*> devices_;
    std::set<const Node*> owned_;  ///< devices and providers
};

}  // namespace

std::map<const Node*, Bystander> bystanders_of(const Tree& tree, const Model& model) {
    Finder finder{tree, model};
    finder.below(tree.root(), true);
    return std::move(finder.found);
}

}  // namespace mullion::partc
