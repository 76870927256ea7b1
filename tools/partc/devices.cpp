// SPDX-License-Identifier: Apache-2.0
#include "devices.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <span>
#include <string_view>
#include <utility>

#include "interrupts.hpp"
#include "text.hpp"

namespace mullion::partc {
namespace {

/// Devices that cannot master the bus. Whatever else they can do is the business of who grants them.
constexpr std::array<std::string_view, 11> without_dma{
    "google,goldfish-rtc",  "ns16550a",     "snps,dw-apb-uart", "snps,dw-apb-gpio", "snps,designware-i2c", "syscon",
    "opencores,i2c-ocores", "sifive,uart0", "sifive,gpio0",     "sifive,pwm0",      "sifive,spi0"};

/// The machine's interrupt controllers, of whichever level. Others, a GPIO controller for instance, are devices.
constexpr std::array<std::string_view, 7> machine_controllers{"riscv,aplic",       "riscv,imsics", "riscv,cpu-intc",
                                                              "sifive,plic-1.0.0", "riscv,plic0",  "riscv,clint0",
                                                              "sifive,clint0"};

bool is_one_of(const Node& node, std::span<const std::string_view> compatibles) {
    return std::ranges::any_of(compatibles, [&](auto name) { return node.is_compatible(name); });
}

/// Whether the machine is switched off or reset through `device`: by itself, or as the register map of such a node.
bool ends_machine(const Tree& tree, const Node& at, const Node& device) {
    const auto regmap = at.cell("regmap");
    const bool is_switch = at.is_compatible("syscon-poweroff") || at.is_compatible("syscon-reboot");
    return device.is_compatible("sifive,test0") || (is_switch && regmap && tree.by_phandle(*regmap) == &device) ||
           std::ranges::any_of(at.children, [&](const auto& child) { return ends_machine(tree, *child, device); });
}

/// Why the device is not a guest's whatever it can do; empty when it may be.
std::string reserved(const Tree& tree, const BoardModel& board, const Node& device) {
    if (&device == board.uart) {
        return "carries the consoles and stays Mullion's";
    }
    if (is_one_of(device, machine_controllers) || device.find("msi-controller") != nullptr) {
        return "is an interrupt controller and stays Mullion's";
    }
    if (device.find("device_type") != nullptr || ends_machine(tree, tree.root(), device)) {
        return "is a part of the machine, not a device";
    }
    return {};
}

/// What makes `bus` more than a way to the machine's addresses: the devices on it are then written without it.
const Property* beyond_simple_bus(const Node& bus) {
    constexpr std::array<std::string_view, 10> simple{"compatible",     "#address-cells",  "#size-cells",     "ranges",
                                                      "phandle",        "dma-coherent",    "dma-noncoherent", "status",
                                                      "nonposted-mmio", "interrupt-parent"};
    const auto is_more = [&](const Property& property) {
        return std::ranges::find(simple, property.name) == simple.end() &&
               (property.name != "dma-ranges" || !property.value.empty());
    };
    const auto it = std::ranges::find_if(bus.properties, is_more);
    return it == bus.properties.end() ? nullptr : &*it;
}

/// The first node that lies in `pages` and is not of `device`.
const Node* neighbour(const Node& at, const Node& device, const HostRange& pages) {
    for (const auto& child : at.children) {
        if (child.get() == &device) {
            continue;
        }
        const auto ranges = child->host_ranges();
        const auto meets = [&](const HostRange& r) { return r.overlaps(pages); };
        if (ranges && std::ranges::any_of(*ranges, meets)) {
            return child.get();
        }
        if (const auto* below = neighbour(*child, device, pages)) {
            return below;
        }
    }
    return nullptr;
}

/// Registers of a node below the device may lie in the pages of the device's own.
std::vector<HostRange> merged(std::vector<HostRange> pages) {
    std::ranges::sort(pages, {}, &HostRange::base);
    std::vector<HostRange> merged;
    for (const auto& range : pages) {
        if (merged.empty() || !merged.back().overlaps(range)) {
            merged.push_back(range);
        } else {
            merged.back().size = std::max(merged.back().end(), range.end()) - merged.back().base;
        }
    }
    return merged;
}

/// What begins a sentence about a node of the device: nothing for the device itself.
std::string subject(const Node& node, const Node& device) {
    return &node == &device ? "" : fmt::format("has a node below it, {}, which ", node.title());
}

class Granter {
 public:
    Granter(const Tree& tree, const BoardModel& board, const Node& device)
        : tree_(tree), board_(board), device_(device), grant_{&device, {}, {}, false} {}

    /// The grant, or the first of its nodes that cannot be given and why.
    std::expected<Grant, std::string> grant(bool dma_allowed) {
        for (const auto* node : nodes_of(device_)) {
            auto given = this->node(*node, dma_allowed);
            if (!given) {
                return std::unexpected{subject(*node, device_) + given.error()};
            }
        }
        for (const auto* bus = device_.parent; bus != nullptr && bus->parent != nullptr; bus = bus->parent) {
            if (const auto* more = beyond_simple_bus(*bus)) {
                return std::unexpected{
                    fmt::format("is on {}, whose {} a guest's tree cannot carry", bus->title(), more->name)};
            }
        }
        grant_.pages = merged(std::move(grant_.pages));
        return std::move(grant_);
    }

 private:
    std::expected<void, std::string> node(const Node& node, bool dma_allowed) {
        if (const auto why = reserved(tree_, board_, node); !why.empty()) {
            return std::unexpected{why};
        }
        if (!node.is_enabled()) {
            return std::unexpected{
                fmt::format("is disabled on this board; if it is there: &{} {{ status = \"okay\"; }};", node.title())};
        }
        // What has no address of its own on the bus is behind a device that has.
        const bool is_mapped = &node == &device_ || node.host_ranges();
        const bool dma = is_mapped && !is_one_of(node, without_dma);
        if (dma && !dma_allowed) {
            return std::unexpected{
                "may reach all of RAM by DMA; 'allow-unprotected-dma;' in the partition accepts that"};
        }
        grant_.unprotected_dma |= dma;
        for (const auto* property : {"interrupt-map", "iommu-map", "msi-map"}) {
            if (node.find(property) != nullptr) {
                return std::unexpected{fmt::format("has a property that a guest's tree cannot carry: {}", property)};
            }
        }
        if (is_mapped) {
            if (auto given = registers(node); !given) {
                return given;
            }
        }
        return interrupts(node);
    }

    std::expected<void, std::string> registers(const Node& node) {
        if (node.find("reg") == nullptr) {
            return std::unexpected{"has no reg: there is nothing that a guest could reach"};
        }
        const auto ranges = node.host_ranges();
        if (!ranges) {
            return std::unexpected{"has no address that the machine sees"};
        }
        for (const auto& range : *ranges) {
            const auto holds = [&](const HostRange& own) { return own.contains(range.base, range.size); };
            if (range.size != 0 && std::ranges::any_of(grant_.pages, holds)) {
                continue;
            }
            if (range.size == 0 || !is_aligned(range.base.value, page_size)) {
                return std::unexpected{
                    fmt::format("begins at {}, inside a page: only whole pages can be granted", hex(range.base.value))};
            }
            const HostRange pages{range.base, align_up(range.size, page_size)};
            if (const auto* other = neighbour(tree_.root(), device_, pages)) {
                return std::unexpected{
                    fmt::format("shares the page at {} with {}", hex(range.base.value), other->title())};
            }
            grant_.pages.push_back(pages);
        }
        return {};
    }

    std::expected<void, std::string> interrupts(const Node& node) {
        const auto interrupts = interrupts_of(tree_, node, *board_.controller);
        if (!interrupts) {
            return std::unexpected{"is malformed: " + interrupts.error()};
        }
        for (const auto& interrupt : *interrupts) {
            // The parts of a device may share a line.
            if (std::ranges::find(grant_.sources, interrupt.source, &Source::number) == grant_.sources.end()) {
                grant_.sources.push_back({interrupt.source, mode_of(interrupt)});
            }
        }
        return {};
    }

    const Tree& tree_;
    const BoardModel& board_;
    const Node& device_;
    Grant grant_;
};

}  // namespace

std::vector<const Node*> nodes_of(const Node& device) {
    std::vector<const Node*> nodes{&device};
    for (const auto& child : device.children) {
        if (child->is_enabled()) {
            const auto below = nodes_of(*child);
            nodes.insert(nodes.end(), below.begin(), below.end());
        }
    }
    return nodes;
}

std::expected<Grant, std::string> grant(const Tree& tree, const BoardModel& board, const Node& device,
                                        bool dma_allowed) {
    return Granter{tree, board, device}.grant(dma_allowed);
}

}  // namespace mullion::partc
