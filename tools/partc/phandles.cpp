// SPDX-License-Identifier: Apache-2.0
#include "phandles.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <utility>

namespace mullion::partc {
namespace {

using Cells = std::vector<std::uint32_t>;

/// Properties that are lists of references, with the property of the target that gives the number of cells after each
/// reference; no cells follow if it is empty.
constexpr std::array<std::pair<std::string_view, std::string_view>, 55> lists{{
    {"access-controllers", "#access-controller-cells"},
    {"affinity", ""},
    {"assigned-clock-parents", "#clock-cells"},
    {"assigned-clocks", "#clock-cells"},
    {"backlight", ""},
    {"cache-controller", ""},
    {"clocks", "#clock-cells"},
    {"cooling-device", "#cooling-cells"},
    {"cpu", ""},
    {"cpu-idle-states", ""},
    {"cpus", ""},
    {"dmas", "#dma-cells"},
    {"domain-idle-states", ""},
    {"extcon", ""},
    {"gpio-ranges", "#gpio-range-cells"},
    {"hwlocks", "#hwlock-cells"},
    {"i2c-parent", ""},
    {"interconnects", "#interconnect-cells"},
    {"interrupt-affinity", ""},
    {"interrupt-parent", ""},
    {"interrupts-extended", "#interrupt-cells"},
    {"io-backends", "#io-backend-cells"},
    {"io-channels", "#io-channel-cells"},
    {"iommus", "#iommu-cells"},
    {"l2-cache", ""},
    {"leds", ""},
    {"mboxes", "#mbox-cells"},
    {"mdio-parent-bus", ""},
    {"memory-region", ""},
    {"msi-parent", "#msi-cells"},
    {"mux-controls", "#mux-control-cells"},
    {"next-level-cache", ""},
    {"nvmem", ""},
    {"nvmem-cells", "#nvmem-cell-cells"},
    {"operating-points-v2", ""},
    {"opp-suspend", ""},
    {"pcs-handle", ""},
    {"performance-domains", "#performance-domain-cells"},
    {"phy-handle", ""},
    {"phys", "#phy-cells"},
    {"power-domains", "#power-domain-cells"},
    {"power-supplies", ""},
    {"pwms", "#pwm-cells"},
    {"regmap", ""},
    {"remote-endpoint", ""},
    {"required-opps", ""},
    {"resets", "#reset-cells"},
    {"shmem", ""},
    {"sound-dai", "#sound-dai-cells"},
    {"sram", ""},
    {"syscon", ""},
    {"thermal-sensors", "#thermal-sensor-cells"},
    {"trigger-sources", "#trigger-source-cells"},
    {"trip", ""},
    {"wakeup-parent", ""},
}};

/// Returns the property of the target that gives the number of cells after each reference, nothing if `name` is no list
/// of references.
std::optional<std::string_view> counting(const Node& node, std::string_view name) {
    const auto* it = std::ranges::find(lists, name, &std::pair<std::string_view, std::string_view>::first);
    if (it != lists.end()) {
        return it->second;
    }
    if (name == "gpios" || name == "gpio" || name.ends_with("-gpios") || name.ends_with("-gpio")) {
        // A hog's lines belong to the controller above it (gpio.txt), and `nr-gpios` is a controller's number of lines.
        const bool is_list = node.find("gpio-hog") == nullptr && !name.ends_with("nr-gpios");
        return is_list ? std::optional<std::string_view>{"#gpio-cells"} : std::nullopt;
    }
    const bool is_pins = name.starts_with("pinctrl-") && name.find_first_not_of("0123456789", 8) == name.npos;
    return is_pins || name.ends_with("-supply") ? std::optional{std::string_view{}} : std::nullopt;
}

/// Returns the number of cells after a reference to `target`; three in `gpio-ranges` if the target does not say
/// (gpio.txt).
std::size_t arguments_of(const Node& target, std::string_view count) {
    return count.empty() ? 0 : target.cell(count).value_or(count == "#gpio-range-cells" ? 3 : 0);
}

bool is_left_out(std::uint32_t phandle) {
    return phandle == 0 || phandle == ~std::uint32_t{0};
}

std::optional<std::vector<Reference>> list(const Tree& tree, const Cells& cells, std::string_view count) {
    std::vector<Reference> references;
    for (std::size_t at = 0; at < cells.size();) {
        if (is_left_out(cells[at])) {
            ++at;
            continue;
        }
        const auto* target = tree.by_phandle(cells[at]);
        const auto arguments = target == nullptr ? 0 : arguments_of(*target, count);
        if (target == nullptr || arguments >= cells.size() - at) {
            return std::nullopt;
        }
        references.push_back({at, target, arguments});
        at += 1 + arguments;
    }
    return references;
}

/// Reads interrupt-map (devicetree specification 2.4.3): child unit address, child specifier, parent, parent unit
/// address, parent specifier.
std::optional<std::vector<Reference>> interrupt_map(const Tree& tree, const Node& node, const Cells& cells) {
    const std::size_t before = std::size_t{node.cell("#address-cells").value_or(2)} +  //
                               node.cell("#interrupt-cells").value_or(1);
    std::vector<Reference> references;
    for (std::size_t at = 0; at < cells.size();) {
        const auto* target = before < cells.size() - at ? tree.by_phandle(cells[at + before]) : nullptr;
        if (target == nullptr) {
            return std::nullopt;
        }
        const std::size_t arguments =
            std::size_t{target->cell("#address-cells").value_or(0)} + target->cell("#interrupt-cells").value_or(1);
        if (arguments >= cells.size() - at - before) {
            return std::nullopt;
        }
        references.push_back({at + before, target, arguments});
        at += before + 1 + arguments;
    }
    return references;
}

/// Reads iommu-map and msi-map (pci-iommu.txt, pci-msi.txt): requester id, controller, its first id, length.
std::optional<std::vector<Reference>> id_map(const Tree& tree, const Cells& cells) {
    std::vector<Reference> references;
    for (std::size_t at = 0; at + 4 <= cells.size(); at += 4) {
        const auto* target = tree.by_phandle(cells[at + 1]);
        if (target == nullptr) {
            return std::nullopt;
        }
        references.push_back({at + 1, target, 2});
    }
    return cells.size() % 4 == 0 ? std::optional{std::move(references)} : std::nullopt;
}

}  // namespace

bool is_vendors(std::string_view property) {
    return property.contains(',') && !property.starts_with("riscv,") && !property.starts_with("linux,");
}

bool is_reference_list(const Node& node, std::string_view property) {
    return counting(node, property).has_value();
}

std::optional<std::vector<Reference>> references_of(const Tree& tree, const Node& node, const Property& property) {
    const bool is_interrupt_map = property.name == "interrupt-map";
    const bool is_id_map = property.name == "iommu-map" || property.name == "msi-map";
    const auto count = counting(node, property.name);
    const auto cells = property.cells();
    if (!cells || (!count && !is_interrupt_map && !is_id_map)) {
        return std::nullopt;
    }
    if (is_interrupt_map) {
        return interrupt_map(tree, node, *cells);
    }
    return is_id_map ? id_map(tree, *cells) : list(tree, *cells, *count);
}

}  // namespace mullion::partc
