// SPDX-License-Identifier: Apache-2.0
#include "overlay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <expected>
#include <filesystem>
#include <sstream>
#include <string_view>
#include <utility>

extern "C" {
#include <libfdt.h>
}

#include "blob.hpp"
#include "preprocess.hpp"
#include "process.hpp"
#include "text.hpp"

namespace mullion::partc {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view contents_node = "__overlay__";

/// Properties of existing nodes that an overlay must not change, as place and interrupts follow from the description.
constexpr std::array<std::string_view, 12> kept{"reg",
                                                "ranges",
                                                "#address-cells",
                                                "#size-cells",
                                                "device_type",
                                                "interrupts",
                                                "phandle",
                                                "interrupts-extended",
                                                "interrupt-parent",
                                                "linux,initrd-start",
                                                "linux,initrd-end",
                                                SeedPlace::property};

bool is_fragment(const Node& node) {
    return node.child(contents_node) != nullptr;
}

/// Judges an overlay by the tree that it changes.
class OverlayJudge {
 public:
    OverlayJudge(const void* tree, const Tree& overlay, std::string file, std::string guest, Diagnostics& diagnostics)
        : tree_(tree), overlay_(overlay), file_(std::move(file)), guest_(std::move(guest)), diagnostics_(diagnostics) {}

    void judge() {
        const auto& fragments = overlay_.root().children;
        if (std::ranges::none_of(fragments, [](const auto& node) { return is_fragment(*node); })) {
            error({file_, 0}, "is no overlay: write /dts-v1/; /plugin/; and below it &LABEL { ... };");
        }
        labels();
        for (const auto& fragment : fragments) {
            if (is_fragment(*fragment)) {
                this->fragment(*fragment, *fragment->child(contents_node));
            }
        }
    }

 private:
    void error(Position at, const std::string& text) {
        if (at.line == 0) {
            at.file = file_;
        }
        diagnostics_.error(std::move(at), fmt::format("overlay of '{}': {}", guest_, text));
    }

    /// Checks labels that are not the overlay's own. `__fixups__` lists them, and where they are used:
    /// "/fragment@0:target:0".
    void labels() {
        const auto* fixups = overlay_.root().child("__fixups__");
        if (fixups == nullptr) {
            return;
        }
        for (const auto& label : fixups->properties) {
            if (symbol(label.name) < 0) {
                const auto uses = label.strings().value_or(std::vector<std::string>{});
                error(uses.empty() ? Position{} : position_of(uses.front()),
                      fmt::format("no node of the guest's tree is labelled '{}'; there is: {}", label.name,
                                  list(symbols())));
            }
        }
    }

    int symbol(const std::string& label) const {
        const auto* path = static_cast<const char*>(
            fdt_getprop(tree_, fdt_path_offset(tree_, "/__symbols__"), label.c_str(), nullptr));
        return path == nullptr ? -1 : fdt_path_offset(tree_, path);
    }

    std::vector<std::string> symbols() const {
        std::vector<std::string> names;
        const int node = fdt_path_offset(tree_, "/__symbols__");
        for (int p = fdt_first_property_offset(tree_, node); p >= 0; p = fdt_next_property_offset(tree_, p)) {
            const char* name = nullptr;
            fdt_getprop_by_offset(tree_, p, &name, nullptr);
            names.emplace_back(name);
        }
        return names;
    }

    /// Returns the position of a use ("/fragment@0/__overlay__/a:clocks:0"). For a fragment's target that is the start
    /// of its contents.
    Position position_of(const std::string& use) const {
        const auto colon = use.find(':');
        const auto property = use.substr(colon + 1, use.find(':', colon + 1) - colon - 1);
        const auto* node = &overlay_.root();
        for (std::istringstream path{use.substr(1, colon - 1)}; node != nullptr && path;) {
            std::string name;
            if (!std::getline(path, name, '/')) {
                break;
            }
            node = node->child(name);
        }
        if (node == nullptr) {
            return {};
        }
        return property == "target" ? node->child(contents_node)->at : node->where(property);
    }

    /// Returns the offset of the fragment's target in the tree; nothing if it is not there, or comes from another
    /// fragment.
    std::optional<int> target(const Node& fragment) {
        if (const auto* path = fragment.find("target-path")) {
            const int node = fdt_path_offset(tree_, path->string().value_or("").c_str());
            return node < 0 ? std::nullopt : std::optional{node};
        }
        const auto use = fmt::format("/{}:target:0", fragment.name);
        const auto* fixups = overlay_.root().child("__fixups__");
        for (const auto& label : fixups == nullptr ? std::vector<Property>{} : fixups->properties) {
            const auto uses = label.strings().value_or(std::vector<std::string>{});
            if (std::ranges::find(uses, use) != uses.end()) {
                const int node = symbol(label.name);
                return node < 0 ? std::nullopt : std::optional{node};
            }
        }
        return std::nullopt;
    }

    void fragment(const Node& fragment, const Node& contents) {
        const auto* path = fragment.find("target-path");
        const auto node = target(fragment);
        if (!node && path != nullptr) {
            error(contents.at, fmt::format("the guest's tree has no {}", path->string().value_or("")));
        }
        this->node(contents, node.value_or(-1));
    }

    /// Judges a node of the overlay. `at` is the node of the tree that it changes, or -1 for a new one.
    void node(const Node& node, int at) {
        const auto path = at < 0 ? std::string{} : path_of(at);
        if (at >= 0 && is_mullions(at, path)) {
            error(node.at, fmt::format("{} is as Mullion makes it and cannot be changed", path));
            return;
        }
        for (const auto& property : node.properties) {
            this->property(property, at, path);
        }
        for (const auto& child : node.children) {
            // As in fdt_overlay_apply(), a name without unit address matches a node with one.
            this->node(*child, at < 0 ? -1 : fdt_subnode_offset(tree_, at, child->name.c_str()));
        }
    }

    void property(const Property& property, int at, const std::string& path) {
        // An overlay's own label on an existing node would change its phandle.
        const bool is_there = at >= 0 && (fdt_getprop(tree_, at, property.name.c_str(), nullptr) != nullptr ||
                                          property.name == "phandle");
        if (is_there && std::ranges::find(kept, property.name) != kept.end()) {
            error(property.at,
                  fmt::format("{} of {} follows from the description and cannot be changed", property.name, path));
        }
        const auto type = property.name == "device_type" ? property.string() : std::nullopt;
        if (type == "memory" || type == "cpu") {
            error(property.at, fmt::format("a node of type {} is added by the description alone", *type));
        }
    }

    std::string path_of(int node) const {
        std::string path(256, '\0');
        while (fdt_get_path(tree_, node, path.data(), static_cast<int>(path.size())) == -FDT_ERR_NOSPACE) {
            path.resize(2 * path.size());
        }
        return path.c_str();
    }

    bool is_mullions(int node, const std::string& path) const {
        const auto* type = static_cast<const char*>(fdt_getprop(tree_, node, "device_type", nullptr));
        const auto is = [&](const char* name) { return fdt_node_check_compatible(tree_, node, name) == 0; };
        return path == "/cpus" || path.starts_with("/cpus/") ||
               (type != nullptr && std::string_view{type} == "memory") || is("riscv,aplic") || is("riscv,imsics") ||
               is("riscv,plic0");
    }

    const void* tree_;
    const Tree& overlay_;
    const std::string file_;
    const std::string guest_;
    Diagnostics& diagnostics_;
};

/// Returns the tree with the overlay applied, or libfdt's error. libfdt may damage both, so both are copies.
std::expected<std::string, std::string> merged(const std::string& tree, std::string overlay) {
    std::string all(tree.size() + 2 * overlay.size() + 4096, '\0');
    if (const int error = fdt_open_into(tree.data(), all.data(), static_cast<int>(all.size())); error != 0) {
        return std::unexpected{fdt_strerror(error)};
    }
    if (const int error = fdt_overlay_apply(all.data(), overlay.data()); error != 0) {
        return std::unexpected{fdt_strerror(error)};
    }
    fdt_del_node(all.data(), fdt_path_offset(all.data(), "/__symbols__"));
    fdt_pack(all.data());
    all.resize(fdt_totalsize(all.data()));
    return all;
}

/// Reports dtc's warnings about the finished tree, which have no lines.
void warn(const std::string& tree, const std::string& file, const std::string& guest, Diagnostics& diagnostics) {
    std::istringstream lines{run({"dtc", "-I", "dtb", "-O", "dtb", "-o", "/dev/null", "-"}, tree).err};
    constexpr std::string_view mark = "Warning (";
    for (std::string line; std::getline(lines, line);) {
        const auto at = line.find(mark);
        const auto text = at == std::string::npos ? at : line.find("): ", at);
        if (text != std::string::npos) {
            diagnostics.warning({file, 0}, fmt::format("overlay of '{}': {}", guest, line.substr(text + 3)));
        }
    }
}

}  // namespace

const Property* overlay_of(const GuestModel& guest) {
    return guest.node->find("overlay");
}

std::optional<Overlaid> apply_overlay(const std::string& tree, const GuestModel& guest, const SourceFile& source,
                                      Diagnostics& diagnostics) {
    const auto before = diagnostics.errors();
    const auto& property = *overlay_of(guest);
    auto own = source;
    own.file = fs::path{source.file}.parent_path() / property.string().value_or("");
    if (!fs::is_regular_file(own.file)) {
        diagnostics.error(property.at, fmt::format("partition '{}': overlay: no file '{}' beside this one", guest.name,
                                                   property.string().value_or("")));
        return std::nullopt;
    }
    auto preprocessed = preprocess(own, diagnostics);
    // Without the tree below the overlay dtc's warnings would be wrong, so they come later.
    const auto blob = preprocessed ? compile(preprocessed->text, {"-@", "-q"}, own, diagnostics) : std::nullopt;
    if (!blob) {
        return std::nullopt;
    }
    const auto overlay = read_blob(*blob, annotate(preprocessed->text));
    if (!overlay) {
        diagnostics.error({own.file, 0}, fmt::format("what dtc makes of it {}", overlay.error()));
        return std::nullopt;
    }
    OverlayJudge{tree.data(), *overlay, own.file, guest.name, diagnostics}.judge();
    if (diagnostics.errors() != before) {
        return std::nullopt;
    }
    auto result = merged(tree, *blob);
    if (!result) {
        diagnostics.error({own.file, 0}, fmt::format("overlay of '{}': {}", guest.name, result.error()));
        return std::nullopt;
    }
    warn(*result, own.file, guest.name, diagnostics);
    return Overlaid{std::move(*result), std::move(preprocessed->files)};
}

}  // namespace mullion::partc
