// SPDX-License-Identifier: Apache-2.0
// What of the board nobody has and needs something that a guest is given: a switch in a form that no binding tells of,
// a part that all harts work through. Nothing shows that the guest is alone with it.
#pragma once

#include <map>

#include "links.hpp"
#include "model.hpp"
#include "tree.hpp"

namespace mullion::partc {

/// A bystander and what it needs.
struct Bystander {
    const Node* node = nullptr;
    Use use;
};

/// Of the devices that are granted, those that a bystander needs, each with the first one.
std::map<const Node*, Bystander> bystanders_of(const Tree& tree, const Model& model);

}  // namespace mullion::partc
