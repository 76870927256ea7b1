// SPDX-License-Identifier: Apache-2.0
#include "owners.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "kept.hpp"
#include "place.hpp"

namespace mullion::partc {
namespace {

class Collector {
 public:
    explicit Collector(const Described& described)
        : tree_(described.source.tree), model_(described.model), kept_(described.model.board) {}

    std::vector<Piece> collect() {
        for (const auto& guest : model_.guests) {
            const auto granted = guest.granted();
            granted_.insert(granted.begin(), granted.end());
            windows(guest);
        }
        for (const auto& node : tree_.root().children) {
            if (node->name != "reserved-memory" && node->name != "partitions") {
                walk(*node, [&](const Node& below) { device(below); });
            }
        }
        memory();
        std::ranges::stable_sort(pieces_, [](const Piece& a, const Piece& b) {
            return a.range.base != b.range.base ? a.range.base < b.range.base : a.range.size > b.range.size;
        });
        return std::move(pieces_);
    }

 private:
    void windows(const GuestModel& guest) {
        std::map<std::string_view, const Node*> devices;
        std::ranges::for_each(guest.granted(), [&](const Node* node) { devices.emplace(node->title(), node); });
        for (const auto& window : guest.windows) {
            const auto device = window.window.kind == WindowKind::device ? devices.find(window.name) : devices.end();
            pieces_.push_back({.range = window.window.host(),
                               .owner = PieceOwner::guest,
                               .name = window.name,
                               .at = window.host_at,
                               .device = device == devices.end() ? nullptr : device->second,
                               .guest = &guest,
                               .window = &window});
        }
    }

    /// Adds a device that no guest has; granted ones are among the windows.
    void device(const Node& node) {
        const bool is_device = node.find("device_type") == nullptr || &node == model_.board.pci;
        const auto ranges = is_device && !granted_.contains(&node) ? node.host_ranges() : std::nullopt;
        const auto kept = kept_.as(node);
        const auto keeper = kept && is_firmwares(*kept) ? PieceOwner::firmware : PieceOwner::mullion;
        for (const auto& range : ranges.value_or(std::vector<HostRange>{})) {
            pieces_.push_back({.range = range,
                               .owner = kept ? keeper : PieceOwner::nobody,
                               .name = node.title(),
                               .at = node.where("reg"),
                               .device = &node});
        }
    }

    /// Returns the position in the board of the node that declares the memory at `address`.
    Position declaration(Hpa address) const {
        for (const auto& node : tree_.root().children) {
            const auto ranges = node->find("device_type") == nullptr ? std::nullopt : node->host_ranges();
            if (ranges && std::ranges::any_of(*ranges, [&](const HostRange& r) { return r.contains(address); })) {
                return node->where("reg");
            }
        }
        return {};
    }

    void memory() {
        const DescriptionView view{model_};
        const auto layout = layout_of(view.description());
        if (const auto* firmware = tree_.by_label("firmware")) {
            pieces_.push_back({.range = model_.board.board.firmware,
                               .owner = PieceOwner::firmware,
                               .name = firmware->title(),
                               .at = firmware->where("reg")});
        }
        for (const auto& reserved : model_.board.reserved) {
            pieces_.push_back(
                {.range = reserved.range, .owner = PieceOwner::nobody, .name = reserved.name, .at = reserved.at});
        }
        for (const auto& part : hypervisor_parts(layout)) {
            pieces_.push_back(
                {.range = part.range, .owner = PieceOwner::mullion, .name = std::string{part.name}, .at = {}});
        }
        const HostRange hypervisor{layout.text.base, layout.end() - layout.text.base};
        pieces_.push_back({.range = hypervisor, .owner = PieceOwner::mullion, .name = "padding", .at = {}});
        for (const auto& range : unused_ram(model_, hypervisor)) {
            pieces_.push_back(
                {.range = range, .owner = PieceOwner::nobody, .name = "memory", .at = declaration(range.base)});
        }
    }

    const Tree& tree_;
    const Model& model_;
    const KeptParts kept_;
    std::set<const Node*> granted_;
    std::vector<Piece> pieces_;
};

}  // namespace

std::string_view to_string(Rights rights) {
    switch (rights) {
        case Rights::r:
            return "r--";
        case Rights::rw:
            return "rw-";
        case Rights::rx:
            return "r-x";
        case Rights::rwx:
            return "rwx";
    }
    return {};
}

std::vector<HypervisorPart> hypervisor_parts(const Layout& layout) {
    std::vector<HypervisorPart> parts{{"text", layout.text, "r-x"},
                                      {"rodata", layout.rodata, "r--"},
                                      {"its own tables", layout.stage1, "r--"},
                                      {"tables of the guests", layout.stage2, "r--"},
                                      {"images", layout.images, "r--"},
                                      {"data", layout.data, "rw-"},
                                      {"stacks", layout.stacks, "rw-"}};
    if (layout.directory.size != 0) {
        parts.insert(parts.begin() + 4, {"device directory", layout.directory, "r--"});
    }
    return parts;
}

std::vector<Piece> pieces_of(const Described& described) {
    return Collector{described}.collect();
}

}  // namespace mullion::partc
