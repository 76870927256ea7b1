// SPDX-License-Identifier: Apache-2.0
#include "guest_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "core/isa.hpp"
#include "devices.hpp"
#include "tree_writer.hpp"

namespace mullion::partc {
namespace {

constexpr std::uint32_t level_high = 4;           ///< dt-bindings/interrupt-controller/irq.h
constexpr std::uint32_t supervisor_external = 9;  ///< scause of the interrupt

/// A riscv,isa string without what a guest may not have: "rv64", single letters, then names after underscores.
std::string guest_isa(std::string_view isa) {
    const auto letters_end = std::min(isa.find('_'), isa.size());
    constexpr std::string_view base = "rv64";
    std::string kept{base};
    for (const char letter : isa.substr(0, letters_end).substr(base.size())) {
        if (guest_may_have({&letter, 1})) {
            kept += letter;
        }
    }
    for (auto rest = isa.substr(letters_end); !rest.empty();) {
        rest.remove_prefix(1);
        const auto name = rest.substr(0, rest.find('_'));
        if (guest_may_have(name)) {
            kept += '_';
            kept += name;
        }
        rest.remove_prefix(name.size());
    }
    return kept;
}

class Builder {
 public:
    Builder(const BoardModel& board, const GuestModel& guest) : board_(board), guest_(guest) {}

    std::string build() {
        tree_.begin("");
        tree_.string("compatible", "mullion,guest");
        tree_.string("model", fmt::format("Mullion guest {}", guest_.name));
        address_cells(2, 2);
        aliases();
        chosen();
        cpus();
        for (const auto& w : guest_.windows) {
            if (w.window.kind == WindowKind::memory) {
                memory(w.window);
            }
        }
        if (guest_.watchdog.exists()) {
            watchdog_clock();
        }
        tree_.begin("soc");
        tree_.string("compatible", "simple-bus");
        address_cells(2, 2);
        tree_.empty("ranges");
        tree_.cells("interrupt-parent", {aplic_phandle()});
        imsic();
        aplic();
        uart();
        if (guest_.watchdog.exists()) {
            watchdog();
        }
        for (const auto* device : guest_.devices) {
            this->device(*device);
        }
        tree_.end();
        tree_.end();
        return tree_.finish();
    }

 private:
    std::uint32_t intc_phandle(std::size_t hart) const { return static_cast<std::uint32_t>(hart + 1); }
    std::uint32_t imsic_phandle() const { return intc_phandle(guest_.harts.size()); }
    std::uint32_t aplic_phandle() const { return imsic_phandle() + 1; }
    std::uint32_t clock_phandle() const { return aplic_phandle() + 1; }
    std::string uart_name() const { return fmt::format("serial@{:x}", guest_.uart.base.value); }

    void address_cells(std::uint32_t address, std::uint32_t size) {
        tree_.cells("#address-cells", {address});
        tree_.cells("#size-cells", {size});
    }

    void aliases() {
        tree_.begin("aliases");
        tree_.string("serial0", "/soc/" + uart_name());
        tree_.end();
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
        tree_.end();
    }

    void cpus() {
        tree_.begin("cpus");
        address_cells(1, 0);
        tree_.cells("timebase-frequency", {static_cast<std::uint32_t>(board_.board.timebase_frequency)});
        for (std::size_t i = 0; i < guest_.harts.size(); ++i) {
            cpu(i, *board_.hart_nodes[guest_.harts[i]]);
        }
        tree_.end();
    }

    void cpu(std::size_t index, const Node& board) {
        tree_.begin(fmt::format("cpu@{:x}", index));
        tree_.string("device_type", "cpu");
        tree_.cells("reg", {static_cast<std::uint32_t>(index)});
        tree_.string("status", "okay");
        tree_.string("compatible", "riscv");
        if (const auto* isa = board.find("riscv,isa"); isa != nullptr) {
            tree_.string("riscv,isa", guest_isa(isa->string().value_or("")));
        }
        auto extensions = board.find("riscv,isa-extensions")->strings().value_or(std::vector<std::string>{});
        std::erase_if(extensions, [](const auto& name) { return !guest_may_have(name); });
        tree_.strings("riscv,isa-extensions", extensions);
        for (const auto* name : {"riscv,isa-base", "mmu-type"}) {
            copy(board, name);
        }
        for (const auto& [extension, property] : {std::pair{"zicbom", "riscv,cbom-block-size"},
                                                  {"zicbop", "riscv,cbop-block-size"},
                                                  {"zicboz", "riscv,cboz-block-size"}}) {
            if (std::ranges::find(extensions, extension) != extensions.end()) {
                copy(board, property);
            }
        }
        tree_.begin("interrupt-controller");
        tree_.string("compatible", "riscv,cpu-intc");
        tree_.empty("interrupt-controller");
        tree_.cells("#interrupt-cells", {1});
        tree_.cells("#address-cells", {0});
        tree_.cells("phandle", {intc_phandle(index)});
        tree_.end();
        tree_.end();
    }

    void copy(const Node& from, std::string_view name) {
        if (const auto* property = from.find(name)) {
            tree_.bytes(property->name, property->value);
        }
    }

    void memory(const Window& window) {
        tree_.begin(fmt::format("memory@{:x}", window.at.value));
        tree_.string("device_type", "memory");
        tree_.ranges("reg", {window.guest()});
        tree_.end();
    }

    /// One page a hart (AIA 3.6): the guest sees no guest interrupt files, so its files lie side by side.
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
        std::vector<std::uint32_t> harts;
        for (std::size_t i = 0; i < guest_.harts.size(); ++i) {
            harts.insert(harts.end(), {intc_phandle(i), supervisor_external});
        }
        tree_.cells("interrupts-extended", harts);
        tree_.cells("riscv,num-ids", {board_.board.imsic.num_ids});
        tree_.cells("phandle", {imsic_phandle()});
        tree_.end();
    }

    void aplic() {
        tree_.begin(fmt::format("interrupt-controller@{:x}", guest_.aplic.base.value));
        tree_.string("compatible", "riscv,aplic");
        tree_.ranges("reg", {{guest_.aplic.base, guest_.aplic.size}});
        tree_.empty("interrupt-controller");
        tree_.cells("#interrupt-cells", {2});
        tree_.cells("#address-cells", {0});
        tree_.cells("msi-parent", {imsic_phandle()});
        tree_.cells("riscv,num-sources", {guest_.aplic.num_sources});
        tree_.cells("phandle", {aplic_phandle()});
        tree_.end();
    }

    void uart() {
        tree_.begin(uart_name());
        tree_.string("compatible", "ns16550a");
        tree_.ranges("reg", {{guest_.uart.base, guest_.uart.size}});
        tree_.cells("clock-frequency", {board_.uart_clock});
        if (guest_.uart.reg_shift != 0) {
            tree_.cells("reg-shift", {guest_.uart.reg_shift});
        }
        tree_.cells("interrupts", {guest_.uart.source, level_high});
        tree_.end();
    }

    /// The binding (watchdog/allwinner,sun4i-a10-wdt.yaml) wants a clock; nothing depends on it.
    void watchdog_clock() {
        constexpr std::uint32_t oscillator = 24'000'000;  // Hz, of the A31
        tree_.begin(fmt::format("clock-{}", oscillator));
        tree_.string("compatible", "fixed-clock");
        tree_.cells("#clock-cells", {0});
        tree_.cells("clock-frequency", {oscillator});
        tree_.cells("phandle", {clock_phandle()});
        tree_.end();
    }

    void watchdog() {
        tree_.begin(fmt::format("watchdog@{:x}", guest_.watchdog.base.value));
        tree_.string("compatible", "allwinner,sun6i-a31-wdt");
        tree_.ranges("reg", {{guest_.watchdog.base, guest_.watchdog.size}});
        tree_.cells("interrupts", {guest_.watchdog.source, level_high});
        tree_.cells("clocks", {clock_phandle()});
        tree_.end();
    }

    void device(const Node& device) {
        tree_.begin(device.name);
        for (const auto& property : device.properties) {
            if (is_copied(property.name) && property.name != "reg") {
                tree_.bytes(property.name, property.value);
            }
        }
        // The board's bus may have cells of another width.
        std::vector<GuestRange> reg;
        for (const auto& range : device.host_ranges().value_or(std::vector<HostRange>{})) {
            reg.push_back({{range.base.value}, range.size});
        }
        tree_.ranges("reg", reg);
        tree_.end();
    }

    const BoardModel& board_;
    const GuestModel& guest_;
    TreeWriter tree_;
};

}  // namespace

std::string guest_tree(const BoardModel& board, const GuestModel& guest) {
    return Builder{board, guest}.build();
}

}  // namespace mullion::partc
