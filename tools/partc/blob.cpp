// SPDX-License-Identifier: Apache-2.0
#include "blob.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <vector>

extern "C" {
#include <libfdt.h>
}

namespace mullion::partc {
namespace {

class Reader {
 public:
    Reader(const void* fdt, const Annotations& annotations) : fdt_(fdt), annotations_(annotations) {}

    std::unique_ptr<Node> node(int offset, const Node* parent, const std::string& path) const {
        auto node = std::make_unique<Node>();
        node->name = fdt_get_name(fdt_, offset, nullptr);
        node->parent = parent;
        if (const auto it = annotations_.find(path); it != annotations_.end()) {
            node->at = it->second.at;
            node->labels = it->second.labels;
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
        const auto it = annotations_.find(path + ':' + name);
        const bool known = it != annotations_.end() && it->second.at.line != 0;
        return {name, {value, value + size}, known ? it->second.at : node.at};
    }

    const void* fdt_;
    const Annotations& annotations_;
};

int depth_of(const void* fdt) {
    int deepest = 0;
    int depth = 0;
    for (int node = 0; node >= 0 && depth >= 0; node = fdt_next_node(fdt, node, &depth)) {
        deepest = std::max(deepest, depth);
    }
    return deepest;
}

constexpr int oldest_version = 16;  ///< devicetree specification, 5.2: the names of older ones are whole paths

/// "is no flattened device tree (FDT_ERR_BADMAGIC)"
std::string complaint(int error) {
    return fmt::format("is no flattened device tree ({})", fdt_strerror(error));
}

}  // namespace

std::expected<Tree, std::string> read_blob(std::string_view blob, const Annotations& annotations) {
    // libfdt reads words in place; it wants them aligned as the specification does (5.6).
    const std::vector<std::uint64_t> aligned = [&] {
        std::vector<std::uint64_t> words(blob.size() / sizeof(std::uint64_t) + 1);
        std::ranges::copy(blob, reinterpret_cast<char*>(words.data()));
        return words;
    }();
    const auto* fdt = aligned.data();
    if (blob.size() > std::numeric_limits<int>::max()) {
        return std::unexpected{complaint(-FDT_ERR_TRUNCATED)};
    }
    // All that is read below was looked at here: structure, names and values are inside the bytes.
    if (const int error = fdt_check_full(fdt, blob.size()); error != 0) {
        return std::unexpected{complaint(error)};
    }
    if (fdt_version(fdt) < oldest_version) {
        return std::unexpected{
            fmt::format("has version {}; {} is the oldest that is read", fdt_version(fdt), oldest_version)};
    }
    if (depth_of(fdt) > max_tree_depth) {
        return std::unexpected{fmt::format("has nodes more than {} levels deep", max_tree_depth)};
    }
    return Tree{Reader{fdt, annotations}.node(0, nullptr, "/")};
}

}  // namespace mullion::partc
