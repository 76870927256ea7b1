// SPDX-License-Identifier: Apache-2.0
#include "guest_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

extern "C" {
#include <libfdt.h>
}

#include "guest_cpus.hpp"
#include "guest_nodes.hpp"
#include "guest_pci.hpp"
#include "interrupts.hpp"
#include "overlay.hpp"
#include "privilege.hpp"
#include "tree_writer.hpp"

namespace mullion::partc {
namespace {

constexpr std::uint32_t uart_clock = 3'686'400;  ///< Hz: 115,200 baud is a division by two; nothing depends on it
constexpr std::uint32_t level_high = 4;          ///< dt-bindings/interrupt-controller/irq.h

/// Returns the node with a path ("/soc/serial@10000000"), null if there is none.
const Node* by_path(const Tree& tree, std::string_view path) {
    const auto* node = &tree.root();
    while (node != nullptr && path.starts_with('/')) {
        path.remove_prefix(1);
        const auto name = path.substr(0, path.find('/'));
        node = node->child(name);
        path.remove_prefix(name.size());
    }
    return path.empty() ? node : nullptr;
}

/// Returns the frequencies of the clocks that the emulated devices' bindings demand, in Hz, each once.
std::vector<std::uint32_t> clocks_of(const GuestModel& guest) {
    std::vector<std::uint32_t> clocks;
    for (const auto& device : guest.emulated) {
        const auto clock = row_of(device.kind).clock;
        if (clock != 0 && std::ranges::find(clocks, clock) == clocks.end()) {
            clocks.push_back(clock);
        }
    }
    return clocks;
}

class Builder {
 public:
    Builder(const Tree& tree, const BoardModel& board, const GuestModel& guest)
        : board_tree_(tree),
          board_(board),
          guest_(guest),
          uart_(guest.device(DeviceKind::uart16550)),
          clocks_(clocks_of(guest)),
          cpus_(tree, board, guest, uart_phandle() + 1),
          nodes_(tree, board, guest, given(),
                 uart_phandle() + 1 + static_cast<std::uint32_t>(cpus_.phandles().size())) {}

    std::string build() {
        tree_.begin("");
        tree_.string("compatible", "mullion,guest");
        tree_.string("model", fmt::format("Mullion guest {}", guest_.name));
        address_cells(2, 2);
        aliases();
        chosen();
        cpus_.write(tree_, nodes_);
        for (const auto& w : guest_.windows) {
            if (w.window.kind == WindowKind::memory) {
                memory(w.window);
            }
        }
        channels();
        for (std::size_t i = 0; i < clocks_.size(); ++i) {
            clock(clocks_[i], clock_phandle(i));
        }
        tree_.begin("soc");
        tree_.string("compatible", "simple-bus");
        address_cells(2, 2);
        tree_.empty("ranges");
        tree_.cells("interrupt-parent", {controller_phandle()});
        if (overlay_of(guest_) != nullptr) {
            tree_.cells("phandle", {soc_phandle()});
        }
        if (has_plic()) {
            plic();
        } else {
            imsic();
            aplic();
        }
        uart();
        for (const auto& device : guest_.emulated) {
            asked_for(device, row_of(device.kind));
        }
        if (!guest_.functions.empty()) {
            write_pci_host(tree_, board_, guest_, imsic_phandle());
        }
        nodes_.write_devices(tree_);
        tree_.end();
        nodes_.write_providers(tree_);
        if (overlay_of(guest_) != nullptr) {
            symbols();
        }
        tree_.end();
        return tree_.finish();
    }

 private:
    bool has_plic() const { return guest_.controller().kind == DeviceKind::plic; }
    std::uint32_t intc_phandle(std::size_t hart) const { return static_cast<std::uint32_t>(hart + 1); }
    std::uint32_t imsic_phandle() const { return intc_phandle(guest_.harts.size()); }
    std::uint32_t controller_phandle() const { return imsic_phandle() + 1; }
    std::uint32_t clock_phandle(std::size_t i) const {
        return controller_phandle() + 1 + static_cast<std::uint32_t>(i);
    }
    std::map<const Node*, std::uint32_t> given() const {
        auto phandles = cpus_.phandles();
        phandles.emplace(board_.controller, controller_phandle());
        return phandles;
    }
    std::uint32_t soc_phandle() const { return clock_phandle(std::max<std::size_t>(clocks_.size(), 1)); }
    std::uint32_t uart_phandle() const { return soc_phandle() + 1; }
    std::string controller_name() const {
        return fmt::format("interrupt-controller@{:x}", guest_.controller().base.value);
    }
    std::string uart_name() const { return fmt::format("serial@{:x}", uart_.base.value); }

    void address_cells(std::uint32_t address, std::uint32_t size) {
        tree_.cells("#address-cells", {address});
        tree_.cells("#size-cells", {size});
    }

    /// Writes the channels as memory that is reserved (Linux, bindings/reserved-memory/reserved-memory.yaml) and that
    /// the kernel does not map: "no-map".
    void channels() {
        if (std::ranges::all_of(guest_.windows, [](const WindowModel& w) { return w.channel == nullptr; })) {
            return;
        }
        tree_.begin("reserved-memory");
        address_cells(2, 2);
        tree_.empty("ranges");
        for (const auto& w : guest_.windows) {
            if (w.channel == nullptr) {
                continue;
            }
            tree_.begin(fmt::format("channel@{:x}", w.window.at.value));
            tree_.string("compatible", "mullion,channel");
            tree_.ranges("reg", {w.window.guest()});
            tree_.string("label", w.channel->name);
            tree_.empty("no-map");
            if (w.window.rights == Rights::r) {
                tree_.empty("read-only");
            }
            tree_.end();
        }
        tree_.end();
    }

    void aliases() {
        tree_.begin("aliases");
        tree_.string("serial0", "/soc/" + uart_name());
        if (const auto* board = board_tree_.root().child("aliases")) {
            for (const auto& property : board->properties) {
                alias(property);
            }
        }
        tree_.end();
    }

    /// Copies an alias of the board if the guest has its node.
    void alias(const Property& property) {
        const auto* node = by_path(board_tree_, property.string().value_or(""));
        const auto path = node == nullptr ? std::nullopt : nodes_.path(*node);
        if (path && property.name != "serial0") {
            tree_.string(property.name, *path);
        }
    }

    void chosen() {
        tree_.begin("chosen");
        if (!guest_.bootargs.empty()) {
            tree_.string("bootargs", guest_.bootargs);
        }
        tree_.string("stdout-path", "/soc/" + uart_name());
        if (guest_.ramdisk) {
            tree_.number("linux,initrd-start", guest_.ramdisk->base.value);
            tree_.number("linux,initrd-end", guest_.ramdisk->end().value);
        }
        if (!guest_.functions.empty()) {
            tree_.cells("linux,pci-probe-only", {1});  // firmware has assigned the BARs
        }
        tree_.bytes(std::string{SeedPlace::property}, Bytes(sizeof(Digest)));
        tree_.end();
    }

    void memory(const Window& window) {
        tree_.begin(fmt::format("memory@{:x}", window.at.value));
        tree_.string("device_type", "memory");
        tree_.ranges("reg", {window.guest()});
        tree_.end();
    }

    /// Writes the labels that an overlay may refer to: those of the board's nodes, and those of partc's own nodes
    /// (docs/bindings/guest-trees.md).
    void symbols() {
        tree_.begin("__symbols__");
        for (std::size_t i = 0; i < guest_.harts.size(); ++i) {
            tree_.string(fmt::format("cpu{}", i), fmt::format("/cpus/cpu@{:x}", i));
        }
        tree_.string("soc", "/soc");
        tree_.string("uart0", "/soc/" + uart_name());
        tree_.string(std::string{guest_.controller_name()}, "/soc/" + controller_name());
        for (const auto& [label, path] : nodes_.labels()) {
            tree_.string(label, path);
        }
        tree_.end();
    }

    /// Writes the IMSIC: one page for each hart, as the guest sees no guest interrupt files (AIA 3.6).
    void imsic() {
        const auto base = board_.board.imsic.base.value;
        tree_.begin(fmt::format("interrupt-controller@{:x}", base));
        tree_.string("compatible", "riscv,imsics");
        tree_.ranges("reg", {{{base}, guest_.harts.size() * page_size}});
        tree_.empty("interrupt-controller");
        tree_.cells("#interrupt-cells", {0});
        tree_.cells("#address-cells", {0});
        tree_.empty("msi-controller");
        tree_.cells("#msi-cells", {0});
        external_interrupts();
        tree_.cells("riscv,num-ids", {board_.board.imsic.num_guest_ids});
        tree_.cells("phandle", {imsic_phandle()});
        tree_.end();
    }

    /// Writes the harts' external interrupts in the order that numbers files and contexts. A controller with contexts
    /// for M-mode has those before each hart's S-mode.
    void external_interrupts() {
        std::vector<std::uint32_t> harts;
        for (std::size_t i = 0; i < guest_.harts.size(); ++i) {
            if (has_plic()) {
                harts.insert(harts.end(), {intc_phandle(i), no_interrupt});
            }
            harts.insert(harts.end(), {intc_phandle(i), supervisor_external});
        }
        tree_.cells("interrupts-extended", harts);
    }

    void plic() {
        tree_.begin(controller_name());
        tree_.strings("compatible", {"sifive,plic-1.0.0", "riscv,plic0"});
        tree_.ranges("reg", {guest_.controller().range()});
        tree_.empty("interrupt-controller");
        tree_.cells("#interrupt-cells", {plic_cells});
        tree_.cells("#address-cells", {0});
        external_interrupts();
        tree_.cells("riscv,ndev", {guest_.controller().parameter});
        tree_.cells("phandle", {controller_phandle()});
        tree_.end();
    }

    void aplic() {
        tree_.begin(controller_name());
        tree_.string("compatible", "riscv,aplic");
        tree_.ranges("reg", {guest_.controller().range()});
        tree_.empty("interrupt-controller");
        tree_.cells("#interrupt-cells", {aplic_cells});
        tree_.cells("#address-cells", {0});
        tree_.cells("msi-parent", {imsic_phandle()});
        tree_.cells("riscv,num-sources", {guest_.controller().parameter});
        tree_.cells("phandle", {controller_phandle()});
        tree_.end();
    }

    void interrupt(std::uint32_t source) {
        tree_.cells("interrupts", has_plic() ? std::vector{source} : std::vector{source, level_high});
    }

    void uart() {
        tree_.begin(uart_name());
        tree_.string("compatible", "ns16550a");
        tree_.ranges("reg", {uart_.range()});
        tree_.cells("clock-frequency", {uart_clock});
        if (uart_.parameter != 0) {
            tree_.cells("reg-shift", {uart_.parameter});
        }
        if (guest_.serial_io_width != 1) {
            tree_.cells("reg-io-width", {guest_.serial_io_width});
        }
        interrupt(uart_.source);
        if (overlay_of(guest_) != nullptr) {
            tree_.cells("phandle", {uart_phandle()});
        }
        tree_.end();
    }

    /// Writes a clock that bindings demand; nothing depends on it.
    void clock(std::uint32_t frequency, std::uint32_t phandle) {
        tree_.begin(fmt::format("clock-{}", frequency));
        tree_.string("compatible", "fixed-clock");
        tree_.cells("#clock-cells", {0});
        tree_.cells("clock-frequency", {frequency});
        tree_.cells("phandle", {phandle});
        tree_.end();
    }

    void asked_for(const VirtualDevice& device, const EmulatedKind& row) {
        if (!row.is_asked_for()) {
            return;
        }
        tree_.begin(fmt::format("{}@{:x}", row.node, device.base.value));
        tree_.string("compatible", std::string{row.compatible});
        tree_.ranges("reg", {device.range()});
        interrupt(device.source);
        if (row.clock != 0) {
            const auto clock = std::ranges::find(clocks_, row.clock) - clocks_.begin();
            tree_.cells("clocks", {clock_phandle(static_cast<std::size_t>(clock))});
        }
        tree_.end();
    }

    const Tree& board_tree_;
    const BoardModel& board_;
    const GuestModel& guest_;
    const VirtualDevice uart_;
    const std::vector<std::uint32_t> clocks_;
    const GuestCpus cpus_;
    const GuestNodes nodes_;
    TreeWriter tree_;
};

}  // namespace

std::string guest_tree(const Tree& tree, const BoardModel& board, const GuestModel& guest) {
    return Builder{tree, board, guest}.build();
}

FinishedTree finish_tree(std::string tree) {
    auto* const fdt = tree.data();
    const int chosen = fdt_path_offset(fdt, "/chosen");
    const auto name = std::string{SeedPlace::property};
    int length = 0;
    const auto* property = fdt_get_property(fdt, chosen, name.c_str(), &length);
    if (property == nullptr || length != sizeof(Digest)) {
        throw std::logic_error{"a guest's tree without room for its seed"};
    }
    const auto offset = static_cast<std::uint64_t>(reinterpret_cast<const char*>(property) - fdt);
    const auto name_at = fdt32_to_cpu(property->nameoff);
    fdt_nop_property(fdt, chosen, name.c_str());
    tree.resize(tree.size() + tree_room);
    fdt_set_totalsize(tree.data(), static_cast<std::uint32_t>(tree.size()));
    return {std::move(tree), {{offset}, name_at}};
}

}  // namespace mullion::partc
