// SPDX-License-Identifier: Apache-2.0
#include "pci.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <string_view>

#include "text.hpp"

namespace mullion::partc {
namespace {

constexpr std::size_t address_cells = 3;  ///< phys.hi, phys.mid, phys.lo
constexpr std::size_t entry_cells = address_cells + 2;
constexpr std::uint32_t first_register = 0x10;  ///< of the BARs (PCI, type 0 header), 4 bytes each

/// The first cell of an address: npt000ss bbbbbbbb dddddfff rrrrrrrr.
struct PhysHi {
    enum class Space : std::uint8_t { configuration, ports, memory_32, memory_64 };

    explicit PhysHi(std::uint32_t cell)
        : is_prefetchable((cell >> 30 & 1) != 0),
          space(static_cast<Space>(cell >> 24 & 0b11)),
          bus(static_cast<std::uint8_t>(cell >> 16)),
          number(static_cast<std::uint8_t>(cell >> 8)),
          reg(static_cast<std::uint8_t>(cell)) {}

    bool is_prefetchable;
    Space space;
    std::uint8_t bus;
    std::uint8_t number;  ///< as PciFunction::number
    std::uint8_t reg;     ///< offset in configuration space

    bool is_memory() const { return space == Space::memory_32 || space == Space::memory_64; }
    /// Which BAR it is about, if any. The others are the ROM's, and a bridge's own.
    std::optional<std::size_t> bar() const {
        const auto slot = (reg - first_register) / 4U;
        return reg % 4 == 0 && reg >= first_register && slot < PciFunction::max_bars ? std::optional<std::size_t>{slot}
                                                                                     : std::nullopt;
    }
};

/// An entry of `reg` or `assigned-addresses`.
struct Entry {
    PhysHi hi;
    HostRange range;
};

/// Returns the entries of a property, nothing if it is missing or malformed.
std::optional<std::vector<Entry>> entries_of(const Node& node, std::string_view name) {
    const auto* property = node.find(name);
    const auto cells = property == nullptr ? std::nullopt : property->cells();
    if (!cells || cells->empty() || cells->size() % entry_cells != 0) {
        return std::nullopt;
    }
    std::vector<Entry> entries;
    for (std::size_t i = 0; i < cells->size(); i += entry_cells) {
        const auto entry = std::span{*cells}.subspan(i, entry_cells);
        entries.push_back({PhysHi{entry[0]}, {{joined(entry.subspan(1, 2))}, joined(entry.subspan(address_cells))}});
    }
    return entries;
}

struct Ids {
    std::uint16_t vendor = 0;
    std::uint16_t product = 0;
};

/// Returns the ids in a name like "pci1b36,10", nothing in any other.
std::optional<Ids> ids_in(std::string_view name) {
    constexpr std::string_view begin = "pci";
    const auto comma = name.find(',');
    if (!name.starts_with(begin) || comma == name.npos) {
        return std::nullopt;
    }
    const auto number = [](std::string_view digits) -> std::optional<std::uint16_t> {
        std::uint16_t value = 0;
        const auto* const end = digits.data() + digits.size();
        const auto [at, failed] = std::from_chars(digits.data(), end, value, 16);
        return failed == std::errc{} && at == end ? std::optional{value} : std::nullopt;
    };
    const auto vendor = number(name.substr(begin.size(), comma - begin.size()));
    const auto product = number(name.substr(comma + 1));
    return vendor && product ? std::optional<Ids>{{*vendor, *product}} : std::nullopt;
}

std::optional<Ids> ids_of(const Node& node) {
    const auto* compatible = node.find("compatible");
    const auto names = compatible == nullptr ? std::nullopt : compatible->strings();
    for (const auto& name : names.value_or(std::vector<std::string>{})) {
        if (const auto ids = ids_in(name)) {
            return ids;
        }
    }
    return std::nullopt;
}

/// Returns whether the function is a bridge to other buses (PCI Code and ID Assignment: class 06, subclasses 04, 07
/// and 09), which has another header.
bool is_bridge(const Node& node) {
    constexpr std::array<std::uint32_t, 3> classes{0x0604, 0x0607, 0x0609};
    const auto code = node.cell("class-code").value_or(0) >> 8;
    const auto* compatible = node.find("compatible");
    const auto names = compatible == nullptr ? std::nullopt : compatible->strings();
    const auto is_named = [&](const std::string& name) {
        return std::ranges::any_of(
            classes, [&](auto number) { return name.starts_with(fmt::format("pciclass,{:04x}", number)); });
    };
    return node.is_type("pci") || std::ranges::find(classes, code) != classes.end() ||
           std::ranges::any_of(names.value_or(std::vector<std::string>{}), is_named);
}

/// An entry of iommu-map: `size` requester ids from `first` on have device ids from `id` on.
struct MapEntry {
    std::uint32_t first = 0;
    const Node* iommu = nullptr;
    std::uint32_t id = 0;
    std::uint32_t size = 0;
};

/// Returns the entries of iommu-map, none if it is malformed.
std::vector<MapEntry> map_of(const Tree& tree, const Node& bridge) {
    constexpr std::size_t cells_of_entry = 4;
    const auto* property = bridge.find("iommu-map");
    const auto cells = property == nullptr ? std::nullopt : property->cells();
    std::vector<MapEntry> entries;
    for (std::size_t i = 0; cells && cells->size() % cells_of_entry == 0 && i < cells->size(); i += cells_of_entry) {
        const auto entry = std::span{*cells}.subspan(i, cells_of_entry);
        entries.push_back({entry[0], tree.by_phandle(entry[1]), entry[2], entry[3]});
    }
    return entries;
}

/// Fills in the BARs of a function.
class BarReader {
 public:
    explicit BarReader(PciFunction& function) : function_(function) {}

    /// Returns what is wrong with an entry of assigned-addresses, empty if nothing is.
    std::string assign(const Entry& entry) {
        const auto slot = entry.hi.bar();
        if (!slot || !entry.hi.is_memory()) {
            return {};  // a guest's functions have neither ports nor ROMs
        }
        auto& bar = function_.bars[*slot];
        if (bar.exists()) {
            return fmt::format("gives BAR {} twice", *slot);
        }
        if (entry.range.base.value == 0 || entry.range.size == 0) {
            return fmt::format("gives BAR {} no address: firmware has to assign one", *slot);
        }
        bar = {entry.range.base, entry.range.size, entry.hi.space == PhysHi::Space::memory_64,
               entry.hi.is_prefetchable};
        return {};
    }

    /// Returns whether `reg` has no memory BAR that is not assigned.
    bool has(const Entry& entry) const {
        const auto slot = entry.hi.bar();
        return !slot || !entry.hi.is_memory() || entry.range.size == 0 || function_.bars[*slot].exists();
    }

 private:
    PciFunction& function_;
};

/// Fills in the BARs from the node; returns what is wrong with them, empty if nothing is.
std::string read_bars(const Node& node, const std::vector<Entry>& reg, PciFunction& function) {
    const auto assigned = entries_of(node, "assigned-addresses");
    if (!assigned) {
        return "has no assigned-addresses, or malformed ones: nothing tells where its registers are";
    }
    BarReader bars{function};
    for (const auto& entry : *assigned) {
        if (entry.hi.bus != 0 || entry.hi.number != function.number) {
            return "has an assigned-addresses of another function";
        }
        if (const auto wrong = bars.assign(entry); !wrong.empty()) {
            return "has an assigned-addresses that " + wrong;
        }
    }
    for (const auto& entry : reg) {
        if (!bars.has(entry)) {
            return fmt::format("has a BAR {} without an address: firmware has to assign one", *entry.hi.bar());
        }
    }
    return std::ranges::none_of(function.bars, &PciBar::exists)
               ? "has no memory BAR: there is nothing that a guest could reach"
               : "";
}

}  // namespace

const Node* pci_host_above(const Node& node) {
    const Node* host = nullptr;
    for (const auto* at = node.parent; at != nullptr; at = at->parent) {
        host = at->is_type("pci") ? at : host;
    }
    return host;
}

bool is_host_bridge(const Tree& tree, const Node& node, const Node& iommu) {
    return node.is_compatible("pci-host-ecam-generic") && node.is_type("pci") && node.is_enabled() &&
           std::ranges::any_of(map_of(tree, node), [&](const MapEntry& entry) { return entry.iommu == &iommu; });
}

std::optional<std::uint32_t> device_id_of(const Tree& tree, const Node& bridge, const Node& iommu,
                                          std::uint32_t requester) {
    const auto id = requester & bridge.cell("iommu-map-mask").value_or(~0U);
    for (const auto& entry : map_of(tree, bridge)) {
        if (id >= entry.first && id - entry.first < entry.size) {
            return entry.iommu == &iommu ? std::optional{id - entry.first + entry.id} : std::nullopt;
        }
    }
    return std::nullopt;
}

std::expected<PciFunction, std::string> read_function(const Node& node, const Node& bridge) {
    if (node.parent != &bridge) {
        return std::unexpected{fmt::format("is behind {}: only functions on bus 0 of {} can be granted",
                                           node.parent->title(), bridge.title())};
    }
    const auto reg = entries_of(node, "reg");
    if (!reg || reg->front().hi.space != PhysHi::Space::configuration || reg->front().hi.reg != 0) {
        return std::unexpected{"is no PCI function: its reg does not begin with one's configuration space"};
    }
    if (const auto bus = reg->front().hi.bus; bus != 0) {
        return std::unexpected{fmt::format(
            "is behind a bridge, on bus {}: only functions on bus 0 of {} can be granted", bus, bridge.title())};
    }
    if (is_bridge(node)) {
        return std::unexpected{"is a bridge, which leads to other functions: grant those of bus 0, one by one"};
    }
    const auto ids = ids_of(node);
    if (!ids) {
        return std::unexpected{"has no compatible = \"pciVVVV,DDDD\", which tells its vendor's id and its own"};
    }
    if (ids->vendor == 0xffff) {
        return std::unexpected{
            "is a virtual function (SR-IOV): it needs a driver of its physical function, which Mullion has not; grant "
            "that one, whole"};
    }
    PciFunction function{.number = reg->front().hi.number, .vendor_id = ids->vendor, .product_id = ids->product};
    const auto wrong = read_bars(node, *reg, function);
    return wrong.empty() ? std::expected<PciFunction, std::string>{function} : std::unexpected{wrong};
}

std::vector<HostRange> memory_of(const Node& node) {
    std::vector<HostRange> ranges;
    for (const auto& entry : entries_of(node, "assigned-addresses").value_or(std::vector<Entry>{})) {
        if (entry.hi.is_memory()) {
            ranges.push_back(entry.range);
        }
    }
    return ranges;
}

std::string address_text(const PciFunction& function) {
    return fmt::format("00:{:02x}.{}", function.number >> 3, function.number & 0b111);
}

}  // namespace mullion::partc
