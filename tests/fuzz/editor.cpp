// SPDX-License-Identifier: Apache-2.0
#include "editor.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace mullion::fuzz {
namespace {

using partc::Node;

constexpr std::string_view symbols = "__symbols__";

std::unique_ptr<Node> copy_of(const Node& node, Node* parent) {
    auto copy = std::make_unique<Node>();
    copy->name = node.name;
    copy->labels = node.labels;
    copy->parent = parent;
    copy->properties = node.properties;
    for (const auto& child : node.children) {
        copy->children.push_back(copy_of(*child, copy.get()));
    }
    return copy;
}

void collect(Node& node, std::vector<Node*>& nodes) {
    nodes.push_back(&node);
    for (const auto& child : node.children) {
        collect(*child, nodes);
    }
}

bool is_below(const Node* node, const Node* ancestor) {
    while (node != nullptr && node != ancestor) {
        node = node->parent;
    }
    return node != nullptr;
}

/// Numbers at the borders of cases that the code distinguishes.
constexpr std::array<std::uint32_t, 14> interesting{
    0, 1, 2, 3, 4, 7, 0xfff, 0x1000, 0x1001, 0x200000, 0x7fffffff, 0x80000000, 0xfffff000, 0xffffffff};

using Labels = std::vector<std::pair<std::string, std::string>>;

/// Writes a flattened tree (Devicetree Specification, 5). libfdt's writer would be slow, as it searches for each name;
/// and nothing here may depend on the code under test.
class Flattener {
 public:
    void begin(std::string_view name) {
        word(structure_, begin_node);
        structure_.append(name).push_back('\0');
        align();
    }

    void end() { word(structure_, end_node); }

    void property(const std::string& name, std::string_view value) {
        const auto [place, is_new] = names_.try_emplace(name, strings_.size());
        if (is_new) {
            strings_.append(name).push_back('\0');
        }
        word(structure_, begin_property);
        word(structure_, value.size());
        word(structure_, place->second);
        structure_.append(value);
        align();
    }

    std::string finish() {
        constexpr std::size_t header = 40;
        const std::string no_reservations(16, '\0');
        word(structure_, end_tree);
        const auto structure_at = header + no_reservations.size();
        const auto strings_at = structure_at + structure_.size();
        std::string out;
        for (const std::size_t field :
             {std::size_t{0xd00d'feed}, strings_at + strings_.size(), structure_at, strings_at, header, std::size_t{17},
              std::size_t{16}, std::size_t{0}, strings_.size(), structure_.size()}) {
            word(out, field);
        }
        return out.append(no_reservations).append(structure_).append(strings_);
    }

 private:
    static constexpr std::size_t begin_node = 1;
    static constexpr std::size_t end_node = 2;
    static constexpr std::size_t begin_property = 3;
    static constexpr std::size_t end_tree = 9;

    static void word(std::string& out, std::size_t value) {
        for (const int shift : {24, 16, 8, 0}) {
            out.push_back(static_cast<char>(value >> shift));
        }
    }

    void align() { structure_.resize((structure_.size() + 3) / 4 * 4); }

    std::string structure_;
    std::string strings_;
    std::unordered_map<std::string, std::size_t> names_;
};

/// Adds the labels below `node` and their paths.
void write_node(const Node& node, const std::string& path, Flattener& out, Labels& labels) {
    for (const auto& label : node.labels) {
        labels.emplace_back(label, path);
    }
    for (const auto& property : node.properties) {
        out.property(property.name, {reinterpret_cast<const char*>(property.value.data()), property.value.size()});
    }
    for (const auto& child : node.children) {
        out.begin(child->name);
        write_node(*child, (path == "/" ? path : path + '/') + child->name, out, labels);
        out.end();
    }
}

}  // namespace

Editor::Editor(partc::Tree tree, unsigned seed) : random_(seed), root_(std::move(tree).take()) {
    // Labels are kept at the nodes; blob() writes this node again.
    std::erase_if(root_->children, [](const auto& child) { return child->name == symbols; });
}

void Editor::change() {
    using Change = void (Editor::*)();
    constexpr std::array<Change, 14> changes{
        &Editor::drop_node,         &Editor::repeat_node,   &Editor::move_node,       &Editor::rename_node,
        &Editor::drop_property,     &Editor::copy_property, &Editor::rename_property, &Editor::change_cell,
        &Editor::resize_value,      &Editor::copy_value,    &Editor::change_byte,     &Editor::refer_elsewhere,
        &Editor::refer_to_one_more, &Editor::move_label};
    (this->*changes[below(changes.size())])();
}

void Editor::graft(partc::Tree other) {
    Editor donor{std::move(other), static_cast<unsigned>(random_())};
    if (auto* node = donor.any_but_root()) {
        auto& place = any_node();
        auto moved = donor.taken(*node);
        moved->parent = &place;
        place.children.push_back(std::move(moved));
    }
}

std::string Editor::blob() const {
    Flattener out;
    Labels labels;
    out.begin("");
    write_node(*root_, "/", out, labels);
    out.begin(symbols);
    for (const auto& [label, path] : labels) {
        out.property(label, path + '\0');
    }
    out.end();
    out.end();
    return out.finish();
}

// --- choices -------------------------------------------------------------------------------------------------------

std::size_t Editor::below(std::size_t end) {
    return random_() % end;
}

std::vector<Node*> Editor::nodes() {
    std::vector<Node*> all;
    collect(*root_, all);
    return all;
}

Node& Editor::any_node() {
    const auto all = nodes();
    return *all[below(all.size())];
}

Node* Editor::any_but_root() {
    const auto all = nodes();
    return all.size() == 1 ? nullptr : all[1 + below(all.size() - 1)];
}

/// Returns a node with properties, in half of all calls below partitions, which are few compared with the board's nodes
/// and decide most.
Node* Editor::any_with_properties() {
    const auto in = [](Node& top) {
        std::vector<Node*> all;
        collect(top, all);
        std::erase_if(all, [](const Node* node) { return node->properties.empty(); });
        return all;
    };
    const auto it = std::ranges::find(root_->children, "partitions", &Node::name);
    auto all = it != root_->children.end() && below(2) == 0 ? in(**it) : std::vector<Node*>{};
    if (all.empty()) {
        all = in(*root_);
    }
    return all.empty() ? nullptr : all[below(all.size())];
}

partc::Property* Editor::any_property() {
    auto* node = any_with_properties();
    return node == nullptr ? nullptr : &node->properties[below(node->properties.size())];
}

/// Returns a word that has a meaning somewhere in the tree.
std::string Editor::any_word() {
    const auto* property = any_property();
    return below(2) == 0 || property == nullptr ? any_node().name : property->name;
}

/// Removes `node` from its parent and returns it.
std::unique_ptr<Node> Editor::taken(Node& node) {
    for (auto* parent : nodes()) {
        const auto it = std::ranges::find(parent->children, &node, &std::unique_ptr<Node>::get);
        if (it != parent->children.end()) {
            auto out = std::move(*it);
            parent->children.erase(it);
            return out;
        }
    }
    return nullptr;
}

// --- nodes ---------------------------------------------------------------------------------------------------------

void Editor::drop_node() {
    if (auto* node = any_but_root()) {
        taken(*node);
    }
}

void Editor::repeat_node() {
    if (const auto* node = any_but_root()) {
        auto& place = any_node();
        place.children.push_back(copy_of(*node, &place));
    }
}

void Editor::move_node() {
    auto* node = any_but_root();
    auto& place = any_node();
    if (node != nullptr && !is_below(&place, node)) {
        auto moved = taken(*node);
        moved->parent = &place;
        place.children.insert(place.children.begin() + static_cast<std::ptrdiff_t>(below(place.children.size() + 1)),
                              std::move(moved));
    }
}

void Editor::rename_node() {
    if (auto* node = any_but_root()) {
        node->name = any_word();
    }
}

void Editor::move_label() {
    auto& from = any_node();
    auto& to = any_node();
    if (!from.labels.empty()) {
        to.labels.push_back(from.labels.back());
        from.labels.pop_back();
    }
}

// --- properties ----------------------------------------------------------------------------------------------------

void Editor::drop_property() {
    if (auto* node = any_with_properties()) {
        node->properties.erase(node->properties.begin() + static_cast<std::ptrdiff_t>(below(node->properties.size())));
    }
}

void Editor::copy_property() {
    if (const auto* property = any_property()) {
        auto copy = *property;
        any_node().properties.push_back(std::move(copy));
    }
}

void Editor::rename_property() {
    if (auto* property = any_property()) {
        property->name = any_word();
    }
}

void Editor::change_cell() {
    auto* property = any_property();
    if (property == nullptr || property->value.size() < 4) {
        return;
    }
    const auto at = 4 * below(property->value.size() / 4);
    if (below(2) == 0) {
        // Changes a value a little.
        auto& byte = property->value[at + below(4)];
        byte = static_cast<std::uint8_t>(byte ^ 1U << below(8));
        return;
    }
    const auto number = interesting[below(interesting.size())];
    for (std::size_t i = 0; i < 4; ++i) {
        property->value[at + i] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
    }
}

void Editor::resize_value() {
    if (auto* property = any_property()) {
        property->value.resize(below(property->value.size() + 9));
    }
}

void Editor::copy_value() {
    if (const auto* from = any_property()) {
        auto value = from->value;
        any_property()->value = std::move(value);
    }
}

void Editor::change_byte() {
    auto* property = any_property();
    if (property != nullptr && !property->value.empty()) {
        property->value[below(property->value.size())] = static_cast<std::uint8_t>(random_());
    }
}

/// Replaces a cell by a node's phandle: mostly in a place of such a reference, sometimes elsewhere.
void Editor::refer_elsewhere() {
    auto* property = any_property();
    const auto* phandle = any_node().find("phandle");
    if (property != nullptr && property->value.size() >= 4 && phandle != nullptr && phandle->value.size() == 4) {
        const auto at = static_cast<std::ptrdiff_t>(4 * below(property->value.size() / 4));
        const auto value = phandle->value;
        std::ranges::copy(value, property->value.begin() + at);
    }
}

/// Adds to a list of references a sibling of its last node, as for a list of harts.
void Editor::refer_to_one_more() {
    const auto phandle = [](const Node& node) {
        const auto* found = node.find("phandle");
        return found == nullptr ? std::vector<std::uint8_t>{} : found->value;
    };
    const auto all = nodes();
    // Few properties are such lists, so this tries several.
    for (int tries = 0; tries < 16; ++tries) {
        auto* property = any_property();
        if (property == nullptr || property->name == "phandle" || property->value.size() < 4) {
            continue;
        }
        const std::vector<std::uint8_t> last{property->value.end() - 4, property->value.end()};
        const auto it = std::ranges::find_if(all, [&](const auto* node) { return phandle(*node) == last; });
        if (it != all.end() && (*it)->parent != nullptr) {
            const auto& siblings = (*it)->parent->children;
            const auto more = phandle(*siblings[below(siblings.size())]);
            property->value.insert(property->value.end(), more.begin(), more.end());
            return;
        }
    }
}

}  // namespace mullion::fuzz
