// SPDX-License-Identifier: Apache-2.0
#include "blob.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

extern "C" {
#include <libfdt.h>
}

namespace mullion::partc {
namespace {

/// Maps paths of nodes to their labels.
using Symbols = std::map<std::string, std::vector<std::string>, std::less<>>;

class BlobReader {
 public:
    BlobReader(const void* fdt, const Annotations& annotations, const Symbols& symbols)
        : fdt_(fdt), annotations_(annotations), symbols_(symbols) {}

    std::unique_ptr<Node> node(int offset, const Node* parent, const std::string& path) const {
        auto node = std::make_unique<Node>();
        node->name = fdt_get_name(fdt_, offset, nullptr);
        node->parent = parent;
        if (const auto it = annotations_.find(path); it != annotations_.end()) {
            node->at = it->second.at;
            node->labels = it->second.labels;
        }
        if (const auto it = symbols_.find(path); it != symbols_.end()) {
            std::ranges::copy_if(it->second, std::back_inserter(node->labels), [&](const auto& label) {
                return std::ranges::find(node->labels, label) == node->labels.end();
            });
        }
        for (int p = fdt_first_property_offset(fdt_, offset); p >= 0; p = fdt_next_property_offset(fdt_, p)) {
            node->properties.push_back(property(p, *node, path));
        }
        for (int c = fdt_first_subnode(fdt_, offset); c >= 0; c = fdt_next_subnode(fdt_, c)) {
            const auto below = (path == "/" ? path : path + '/') + fdt_get_name(fdt_, c, nullptr);
            node->children.push_back(this->node(c, node.get(), below));
        }
        return node;
    }

 private:
    Property property(int offset, const Node& node, const std::string& path) const {
        const char* name = nullptr;
        int size = 0;
        const auto* value = static_cast<const std::uint8_t*>(fdt_getprop_by_offset(fdt_, offset, &name, &size));
        auto at = node.at;
        if (!annotations_.empty()) {
            const auto it = annotations_.find(path + ':' + name);
            at = it != annotations_.end() && it->second.at.line != 0 ? it->second.at : at;
        }
        return {name, {value, value + size}, std::move(at)};
    }

    const void* fdt_;
    const Annotations& annotations_;
    const Symbols& symbols_;
};

/// Returns whether no property has a negative length. libfdt before 1.7 moves on by such a length, even backwards, so
/// that fdt_check_full() may never end.
bool lengths_are_sound(const void* fdt) {
    for (int at = 0, next = 0;; at = next) {
        const auto tag = fdt_next_tag(fdt, at, &next);
        if (tag == FDT_END) {
            return true;
        }
        int size = 0;
        if (tag == FDT_PROP && (fdt_get_property_by_offset(fdt, at, &size) == nullptr || size < 0)) {
            return false;
        }
    }
}

/// Returns 0 if structure, names and values are within the bytes, so that libfdt can rely on them; else an FDT_ERR.
int check(const void* fdt, std::size_t size) {
    constexpr int oldest = 16;  // before version 16 names were whole paths (libfdt.h)
    if (size < sizeof(fdt_header) || size > std::numeric_limits<int>::max()) {
        return -FDT_ERR_TRUNCATED;
    }
    if (const int error = fdt_check_header(fdt); error != 0) {
        return error;
    }
    if (fdt_totalsize(fdt) > size) {
        return -FDT_ERR_TRUNCATED;
    }
    if (fdt_version(fdt) < oldest) {
        return -FDT_ERR_BADVERSION;
    }
    return lengths_are_sound(fdt) ? fdt_check_full(fdt, size) : -FDT_ERR_BADSTRUCTURE;
}

/// Reads /__symbols__: each property is a label, and its value the path of a node.
Symbols symbols_in(const void* fdt) {
    Symbols symbols;
    const int node = fdt_path_offset(fdt, "/__symbols__");
    for (int p = fdt_first_property_offset(fdt, node); p >= 0; p = fdt_next_property_offset(fdt, p)) {
        const char* label = nullptr;
        int size = 0;
        const auto* path = static_cast<const char*>(fdt_getprop_by_offset(fdt, p, &label, &size));
        if (size != 0 && path[size - 1] == '\0') {
            symbols[path].emplace_back(label);
        }
    }
    return symbols;
}

std::vector<HostRange> reservations_in(const void* fdt) {
    std::vector<HostRange> reservations;
    for (int i = 0; i < fdt_num_mem_rsv(fdt); ++i) {
        std::uint64_t base = 0;
        std::uint64_t size = 0;
        if (fdt_get_mem_rsv(fdt, i, &base, &size) == 0) {
            reservations.push_back({{base}, size});
        }
    }
    return reservations;
}

int depth_of(const void* fdt) {
    int deepest = 0;
    int depth = 0;
    for (int node = 0; node >= 0 && depth >= 0; node = fdt_next_node(fdt, node, &depth)) {
        deepest = std::max(deepest, depth);
    }
    return deepest;
}

}  // namespace

std::expected<Tree, std::string> read_blob(std::string_view blob, const Annotations& annotations) {
    // libfdt reads words in place, so they must be aligned as the specification says (5.6).
    const std::vector<std::uint64_t> aligned = [&] {
        std::vector<std::uint64_t> words(blob.size() / sizeof(std::uint64_t) + 1);
        std::ranges::copy(blob, reinterpret_cast<char*>(words.data()));
        return words;
    }();
    const auto* fdt = aligned.data();
    if (const int error = check(fdt, blob.size()); error != 0) {
        return std::unexpected{fmt::format("is no flattened device tree ({})", fdt_strerror(error))};
    }
    // libfdt assumes that the tree begins with the root; the check above also accepts a tree without nodes.
    if (fdt_get_name(fdt, 0, nullptr) == nullptr) {
        return std::unexpected{"does not begin with a root node"};
    }
    if (depth_of(fdt) > max_tree_depth) {
        return std::unexpected{fmt::format("has nodes more than {} levels deep", max_tree_depth)};
    }
    const auto symbols = symbols_in(fdt);
    auto root = BlobReader{fdt, annotations, symbols}.node(0, nullptr, "/");
    if (const auto name = name_of_two(*root); !name.empty()) {
        return std::unexpected{fmt::format("has two of the name '{}' in one node", name)};
    }
    return Tree{std::move(root), reservations_in(fdt)};
}

}  // namespace mullion::partc
