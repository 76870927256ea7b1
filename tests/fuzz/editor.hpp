// SPDX-License-Identifier: Apache-2.0
// Changes a device tree at random, by nodes and properties, so that the result is a tree and reaches the code behind
// the parser.
#pragma once

#include <cstddef>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "partc/tree.hpp"

namespace mullion::fuzz {

class Editor {
 public:
    /// Edits `tree`. The same seed makes the same changes.
    Editor(partc::Tree tree, unsigned seed);

    /// Makes one change: of a node, a property, a value, or a reference.
    void change();

    /// Moves a random node of `other`, with everything below it, to a random place.
    void graft(partc::Tree other);

    /// Returns the flattened tree, with its labels in /__symbols__.
    std::string blob() const;

    partc::Tree tree() && { return partc::Tree{std::move(root_)}; }

 private:
    using Node = partc::Node;
    using Property = partc::Property;

    void drop_node();
    void repeat_node();
    void move_node();
    void rename_node();
    void drop_property();
    void copy_property();
    void rename_property();
    void change_cell();
    void resize_value();
    void copy_value();
    void change_byte();
    void refer_elsewhere();
    void refer_to_one_more();
    void move_label();

    std::size_t below(std::size_t end);
    std::vector<Node*> nodes();
    Node& any_node();
    Node* any_but_root();
    Node* any_with_properties();
    Property* any_property();
    std::string any_word();
    std::unique_ptr<Node> taken(Node& node);

    std::minstd_rand random_;
    std::unique_ptr<Node> root_;
};

}  // namespace mullion::fuzz
