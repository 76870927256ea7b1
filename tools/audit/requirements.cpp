// SPDX-License-Identifier: Apache-2.0
#include "requirements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "image.hpp"
#include "wires.hpp"

namespace mullion::audit {
namespace {

constexpr std::uint32_t supervisor_external = 9;  // privileged manual, sip.SEIP
constexpr std::uint8_t read_write = readable | writable;

class RequirementsReader {
 public:
    explicit RequirementsReader(const Tree& tree) : tree_(tree) {}

    Requirements read() {
        memory();
        const auto uart = tree_.by_label("uart0");
        asked_.uart_registers = uart.only_host_reg();
        asked_.uart = pages_of(asked_.uart_registers);
        const bool is_plic = !tree_.has_label("imsic") && tree_.has_label("plic");
        const std::string controller = is_plic ? "plic" : "aplic";
        controller_.emplace(tree_.by_label(controller));
        asked_.controller_registers = controller_->only_host_reg();
        asked_.controller = {controller, pages_of(asked_.controller_registers)};
        iommu(tree_.root());
        bridge(tree_.root());
        const auto sources = wires_of(tree_, uart, *controller_);
        if (sources.empty()) {
            uart.fail("has no interrupt at the controller");
        }
        asked_.uart_source = sources.front();
        asked_.has_imsic = tree_.has_label("imsic");
        if (asked_.has_imsic) {
            harts_with_files(tree_.by_label("imsic"));
        } else {
            harts(tree_.by_label(controller));
        }
        const auto partitions = tree_.root().child("partitions");
        if (!partitions) {
            tree_.root().fail("has no node 'partitions'");
        }
        for (const auto& node : partitions->children()) {
            if (node.is("compatible", "mullion,channel")) {
                channel(node);
            }
        }
        for (const auto& node : partitions->children()) {
            if (!node.is("compatible", "mullion,channel")) {
                guest(node);
            }
        }
        return asked_;
    }

 private:
    /// Reads the IOMMU, at or below `node`.
    void iommu(const Node& node) {
        for (const auto& child : node.children()) {
            if (child.is("compatible", "riscv,iommu") && child.is_enabled()) {
                if (asked_.iommu) {
                    child.fail("is a second IOMMU");
                }
                asked_.iommu = {child.name(), pages_of(child.only_host_reg())};
            }
            iommu(child);
        }
    }

    /// Reads the PCI host bridge, at or below `node`, from which a way leads through the IOMMU.
    void bridge(const Node& node) {
        for (const auto& child : node.children()) {
            const bool is_bridge =
                asked_.iommu && child.is("compatible", "pci-host-ecam-generic") && child.is_enabled();
            if (is_bridge && std::ranges::any_of(ways_of(child), [](const Way& way) { return way.is_translated; })) {
                if (asked_.pci) {
                    child.fail("is a second PCI host bridge before the IOMMU");
                }
                asked_.pci = {child.name(), child.only_host_reg()};
            }
            bridge(child);
        }
    }

    /// An entry of iommu-map (Linux, bindings/pci/pci-iommu.txt).
    struct Way {
        std::uint64_t requester = 0;
        bool is_translated = false;  ///< by the IOMMU
        std::uint64_t id = 0;
        std::uint64_t size = 0;
    };

    std::vector<Way> ways_of(const Node& bridge) const {
        const auto cells = bridge.cells("iommu-map");
        if (cells.size() % 4 != 0) {
            bridge.fail("'iommu-map' is not entries of four numbers");
        }
        std::vector<Way> ways;
        for (std::size_t i = 0; i < cells.size(); i += 4) {
            const auto target = tree_.by_phandle(cells[i + 1]);
            ways.push_back({cells[i], target.is("compatible", "riscv,iommu"), cells[i + 2], cells[i + 3]});
        }
        return ways;
    }

    void memory() {
        for (const auto& node : tree_.root().children()) {
            if (node.is("device_type", "memory") && node.is_enabled()) {
                std::ranges::copy(node.host_reg(), std::back_inserter(asked_.ram));
            }
        }
        asked_.reserved = read_reserved(tree_, asked_.ram);
    }

    /// Reads the harts whose supervisor external interrupt `controller` raises itself.
    void harts(const Node& controller) {
        const auto order = controller.cells("interrupts-extended");
        const auto indexes = controller.cells("riscv,hart-indexes");
        for (std::size_t i = 0; i + 1 < order.size(); i += 2) {
            if (order[i + 1] == supervisor_external) {
                hart(controller, order[i], std::nullopt, i / 2 < indexes.size() ? indexes[i / 2] : i / 2);
            }
        }
    }

    void hart(const Node& controller, std::uint32_t phandle, const std::optional<Files>& files,
              std::uint64_t context = 0) {
        const auto cpu = tree_.by_phandle(phandle).parent();
        if (cpu.is("status", "disabled")) {
            return;
        }
        const auto id = cpu.cell("reg");
        if (std::ranges::find(asked_.harts, id, &Hart::id) != asked_.harts.end()) {
            controller.fail(fmt::format("{} is named twice", cpu.name()));
        }
        asked_.harts.push_back({cpu.name(), id, files, context});
    }

    /// Reads the harts of an IMSIC with their interrupt files (AIA, "Memory region for an interrupt file" and
    /// "Arrangement of the memory regions of multiple interrupt files"): a hart's files are consecutive pages, the
    /// supervisor-level one first. guest-index-bits gives the distance of harts, which are in the order in which the
    /// node names them, and continue from one region of 'reg' to the next.
    void harts_with_files(const Node& imsic) {
        const auto bits = imsic.cell("riscv,guest-index-bits");
        if (bits < 1 || bits > 6) {
            imsic.fail("the audit knows 1 to 6 guest-index-bits");
        }
        const auto stride = page_size << bits;
        const auto order = imsic.cells("interrupts-extended");
        std::vector<std::uint64_t> files;
        for (const auto& region : imsic.host_reg()) {
            for (std::uint64_t at = 0; files.size() < order.size() / 2 && at + stride <= region.size; at += stride) {
                files.push_back(region.base + at);
            }
        }
        imsic_ = files.empty() ? 0 : files.front();
        for (std::size_t i = 0; i + 1 < order.size(); i += 2) {
            if (order[i + 1] != supervisor_external || i / 2 >= files.size()) {
                imsic.fail(fmt::format("the files of {} are not the supervisor's, or not in 'reg'",
                                       tree_.by_phandle(order[i]).parent().name()));
            }
            hart(imsic, order[i], Files{files[i / 2], files[i / 2] + page_size});
        }
    }

    /// Reads a channel: a piece of each guest that it names. Without an address it is behind the channels before it,
    /// from 1 TiB on, at a multiple of its size.
    void channel(const Node& node) {
        const auto size = node.number("size").value_or(0);
        if (size < page_size || (size & (size - 1)) != 0) {
            node.fail("has no size that is a power of two and a page at least");
        }
        const auto given = node.number("guest-address");
        const auto at = given.value_or((free_ + size - 1) / size * size);
        free_ = given ? free_ : at + size;
        for (const auto& [name, rights] :
             {std::pair{"read-write", read_write}, std::pair{"read-only", std::uint8_t{readable}}}) {
            for (const auto phandle : node.cells(name)) {
                channels_[tree_.by_phandle(phandle).name()].push_back(
                    {"channel " + node.name(), at, std::nullopt, size, rights, true});
            }
        }
    }

    void guest(const Node& node) {
        guest_ = {};
        guest_.name = node.name();
        guest_.channels = channels_[node.name()];
        guest_.dma_allowed = node.has("allow-unprotected-dma");
        for (const auto& kind : emulated_kinds) {
            if (node.has(std::string{kind.property})) {
                guest_.emulated.push_back(kind);
            }
        }
        for (const auto& child : node.children()) {
            if (child.is("device_type", "memory")) {
                window(child);
            } else if (child.name().starts_with("serial")) {
                serial(child);
            }
        }
        for (const auto phandle : node.cells("cpus")) {
            hart_of_guest(node, tree_.by_phandle(phandle).cell("reg"));
        }
        for (const auto phandle : node.cells("devices")) {
            const auto device = tree_.by_phandle(phandle);
            const auto first = guest_.devices.size();
            if (device.parent().is("device_type", "pci")) {
                function(device, first);
                continue;
            }
            registers(device.name(), device.host_reg(), first);
            wires(device);
            below(device, first);
        }
        if (!guest_.functions.empty()) {
            guest_.emulated.push_back(pci_host);
        }
        std::ranges::sort(guest_.sources);
        const auto pieces = guest_.pieces();
        const auto meet = [](const Piece& a, const Piece& b) { return a.at + a.size > b.at; };
        if (const auto twice = std::ranges::adjacent_find(pieces, meet); twice != pieces.end()) {
            node.fail(fmt::format("asks for the pages of {} twice", twice->what));
        }
        asked_.guests.push_back(guest_);
    }

    /// Adds a PCI function: the pages of its BARs and its id (PCI bus binding to Open Firmware). The first cell of an
    /// address has the register in bits 7:0, the requester id in 23:8, and in 25:24 what kind of memory it is, from 2
    /// on.
    void function(const Node& node, std::size_t first) {
        const auto bridge = node.parent();
        const auto reg = node.cells("reg");
        if (!asked_.pci || bridge.name() != asked_.pci->name || reg.empty() || (reg.front() >> 16 & 0xff) != 0) {
            node.fail("is no function on bus 0 of a bridge before the IOMMU");
        }
        const std::uint64_t requester = reg.front() >> 8 & 0xffff;
        const auto ways = ways_of(bridge);
        const auto way = std::ranges::find_if(
            ways, [&](const Way& w) { return requester >= w.requester && requester - w.requester < w.size; });
        if (way == ways.end() || !way->is_translated) {
            node.fail("does DMA that the IOMMU does not get");
        }
        Function own{node.name(), requester - way->requester + way->id, requester & 0xff};
        const auto cells = node.cells("assigned-addresses");
        std::vector<Range> ranges;
        for (std::size_t i = 0; i + 5 <= cells.size(); i += 5) {
            const auto number = cells[i] & 0xff;
            if ((cells[i] >> 24 & 0b11) >= 2 && number >= 0x10 && number < 0x28) {
                ranges.push_back({std::uint64_t{cells[i + 1]} << 32 | cells[i + 2],
                                  std::uint64_t{cells[i + 3]} << 32 | cells[i + 4]});
                own.bars.push_back({(number - 0x10) / 4, ranges.back()});
            }
        }
        registers(node.name(), ranges, first);
        std::ranges::sort(own.bars, {}, &Bar::number);
        guest_.functions.push_back(std::move(own));
    }

    /// Adds the pages of `ranges` to a device whose first piece is number `first`, without pages that it already has.
    void registers(const std::string& device, const std::vector<Range>& ranges, std::size_t first) {
        for (const auto& range : ranges) {
            const auto pages = pages_of(range);
            const auto holds = [&](const Piece& p) { return Range{p.at, p.size}.contains(pages); };
            if (std::none_of(guest_.devices.begin() + static_cast<std::ptrdiff_t>(first), guest_.devices.end(),
                             holds)) {
                guest_.devices.push_back({device, pages.base, pages.base, pages.size, read_write});
            }
        }
    }

    /// Adds the interrupt sources of a node. Parts of a device may share one.
    void wires(const Node& node) {
        for (const auto& source : wires_of(tree_, node, *controller_)) {
            if (std::ranges::find(guest_.sources, source.number, &WiredSource::number) == guest_.sources.end()) {
                guest_.sources.push_back(source);
            }
        }
    }

    /// Adds registers and sources of enabled nodes below a device, which belong to it.
    void below(const Node& device, std::size_t first) {
        for (const auto& node : device.children()) {
            if (!node.is_enabled()) {
                continue;
            }
            if (device.has("ranges") && node.has("reg")) {
                registers(node.name(), node.mapped_reg().value_or(std::vector<Range>{}), first);
            }
            wires(node);
            below(node, first);
        }
    }

    void window(const Node& node) {
        const auto reg = node.reg();
        if (reg.size() != 1 || pages_of(reg.front()) != reg.front()) {
            node.fail("is not one range of whole pages");
        }
        const auto host = node.has("identity") ? std::optional{reg.front().base} : node.number("host-address");
        guest_.memory.push_back(
            {node.name(), reg.front().base, host, reg.front().size, readable | writable | executable});
    }

    void serial(const Node& node) {
        const auto reg = node.reg();
        if (reg.size() != 1) {
            node.fail("is not one range");
        }
        guest_.uart = reg.front();
    }

    /// Adds a hart of the guest. The guest sees the file of its hart n on page n of the board's region, and no guest
    /// interrupt files.
    void hart_of_guest(const Node& node, std::uint64_t id) {
        const auto it = std::ranges::find(asked_.harts, id, &Hart::id);
        if (it == asked_.harts.end() || !taken_.insert(id).second) {
            node.fail(fmt::format("hart {} is not the board's, or another partition's", id));
        }
        const auto n = guest_.harts.size();
        guest_.harts.push_back(id);
        if (it->files) {
            guest_.interrupt_files.push_back({fmt::format("interrupt file of {}", it->name), imsic_ + n * page_size,
                                              it->files->guest, page_size, read_write});
        }
    }

    const Tree& tree_;
    Requirements asked_;
    Guest guest_;
    std::uint64_t imsic_ = 0;
    std::uint64_t free_ = std::uint64_t{1} << 40;         ///< where the next channel is
    std::map<std::string, std::vector<Piece>> channels_;  ///< by guest
    std::optional<Node> controller_;
    std::set<std::uint64_t> taken_;
};

}  // namespace

std::vector<Piece> Guest::pieces() const {
    auto pieces = memory;
    pieces.insert(pieces.end(), devices.begin(), devices.end());
    pieces.insert(pieces.end(), channels.begin(), channels.end());
    pieces.insert(pieces.end(), interrupt_files.begin(), interrupt_files.end());
    std::ranges::sort(pieces, {}, &Piece::at);
    return pieces;
}

Requirements read_requirements(const Tree& tree) {
    return RequirementsReader{tree}.read();
}

}  // namespace mullion::audit
