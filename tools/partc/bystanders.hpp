// SPDX-License-Identifier: Apache-2.0
// Finds nodes that no guest has and that need a device which a guest has. Such a node may be a switch in a form that no
// binding describes, or a part that all harts depend on: nothing shows that the device is the guest's alone.
#pragma once

#include <map>

#include "links.hpp"
#include "model.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// A node of no guest, and its use of a guest's device.
struct Bystander {
    const Node* node = nullptr;
    Use use;
};

/// Returns the granted devices that bystanders need, each with its first bystander.
std::map<const Node*, Bystander> bystanders_of(const Tree& tree, const Model& model);

}  // namespace mullion::partc
