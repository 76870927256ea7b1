// SPDX-License-Identifier: Apache-2.0
#include "common/tree.hpp"

#include <algorithm>

namespace guest {
namespace {

enum Token : std::uint32_t { begin_node = 1, end_node = 2, property = 3, end = 9 };

std::uint32_t cell(const std::byte* at) {
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i) {
        value = value << 8 | std::to_integer<std::uint32_t>(at[i]);
    }
    return value;
}

std::uint64_t two_cells(const std::byte* at) {
    return std::uint64_t{cell(at)} << 32 | cell(at + 4);
}

std::string_view text(const std::byte* at) {
    std::size_t length = 0;
    while (at[length] != std::byte{0}) {
        ++length;
    }
    return {reinterpret_cast<const char*>(at), length};
}

bool is_listed(std::span<const std::byte> strings, std::string_view wanted) {
    for (std::size_t at = 0; at < strings.size();) {
        const auto candidate = text(&strings[at]);
        if (candidate == wanted) {
            return true;
        }
        at += candidate.size() + 1;
    }
    return false;
}

constexpr std::size_t region_size = 16;  ///< of an entry of reg

/// Codes of a hart's interrupts in interrupts-extended.
constexpr std::uint32_t supervisor_external = 9;
constexpr std::uint32_t machine_external = 11;

/// Properties seen so far of the current node. One is enough, as the properties of a node come before its children
/// (5.4.2). Addresses and sizes have two cells on every machine that these guests run on.
struct Node {
    std::string_view device_type;
    std::string_view bootargs;
    std::span<const std::byte> compatible;
    std::span<const std::byte> reg;
    std::span<const std::byte> interrupts_extended;
    std::span<const std::byte> seed;
    std::uint32_t phandle = 0;
    std::uint32_t source = 0;
    std::uint32_t num_sources = 0;
    std::uint32_t num_ids = 0;
    std::uint32_t guest_index_bits = 0;
    std::uint32_t ticks_per_second = 0;
    bool disabled = false;
    bool has_children = false;  ///< the root domain of an APLIC
    std::string_view isa;

    bool is(std::string_view wanted) const { return is_listed(compatible, wanted); }

    Region region() const { return {two_cells(reg.data()), two_cells(reg.data() + 8)}; }

    /// Returns whether an interrupt controller of AIA is not the supervisor's.
    bool is_machine_level() const {
        return has_children || (interrupts_extended.size() >= 8 && cell(&interrupts_extended[4]) == machine_external);
    }
};

void read_property(Node& node, std::string_view name, std::span<const std::byte> value) {
    if (name == "device_type") {
        node.device_type = text(value.data());
    } else if (name == "bootargs") {
        node.bootargs = text(value.data());
    } else if (name == "compatible") {
        node.compatible = value;
    } else if (name == "reg") {
        node.reg = value;
    } else if (name == "phandle") {
        node.phandle = cell(value.data());
    } else if (name == "status") {
        node.disabled = text(value.data()) == "disabled";
    } else if (name == "interrupts") {
        node.source = cell(value.data());
    } else if (name == "rng-seed") {
        node.seed = value;
    } else if (name == "interrupts-extended") {
        node.interrupts_extended = value;
    } else if (name == "riscv,num-sources" || name == "riscv,ndev") {
        node.num_sources = cell(value.data());
    } else if (name == "riscv,num-ids") {
        node.num_ids = cell(value.data());
    } else if (name == "riscv,guest-index-bits") {
        node.guest_index_bits = cell(value.data());
    } else if (name == "timebase-frequency") {
        node.ticks_per_second = cell(value.data());
    } else if (name == "riscv,children") {
        node.has_children = true;
    } else if (name == "riscv,isa") {
        node.isa = text(value.data());
    }
}

/// Collects what can be resolved only after all nodes were read.
struct Reader {
    Machine& machine;
    std::uint32_t hart = 0;                                   ///< id of the last cpu node
    std::array<std::uint32_t, max_harts> hart_controllers{};  ///< phandle of each hart's own interrupt controller
    std::span<const std::byte> plic_targets{};                ///< interrupts-extended

    void close(const Node& node);
    void close_device(const Node& node);
    void close_interrupt_controller(const Node& node);
    void find_plic_contexts();
};

void Reader::close(const Node& node) {
    if (!node.bootargs.empty()) {
        machine.bootargs = node.bootargs;
    }
    if (!node.seed.empty()) {
        machine.seed = node.seed;
    }
    if (node.ticks_per_second != 0) {
        machine.ticks_per_second = node.ticks_per_second;
    }
    if (node.disabled) {
        return;
    }
    if (node.device_type == "cpu") {
        hart = cell(node.reg.data());
        ++machine.harts;
        machine.isa = node.isa;
    } else if (node.device_type == "memory") {
        for (std::size_t at = 0; at < node.reg.size() && machine.memories < machine.memory.size(); at += region_size) {
            machine.memory[machine.memories++] = {two_cells(&node.reg[at]), two_cells(&node.reg[at + 8])};
        }
    }
    close_device(node);
    close_interrupt_controller(node);
}

void Reader::close_device(const Node& node) {
    if (!node.compatible.empty() && node.reg.size() >= region_size && machine.num_devices < machine.devices.size()) {
        machine.devices[machine.num_devices++] = {node.region(), node.source, node.compatible};
    }
}

void Reader::close_interrupt_controller(const Node& node) {
    if (node.is("riscv,cpu-intc") && hart < max_harts) {
        hart_controllers[hart] = node.phandle;
    } else if (node.is("riscv,plic0")) {
        machine.plic = node.region();
        machine.plic_sources = node.num_sources;
        plic_targets = node.interrupts_extended;
    } else if (node.is("riscv,aplic") && !node.is_machine_level()) {
        machine.aplic = node.region();
        machine.aplic_sources = node.num_sources;
    } else if (node.is("riscv,imsics") && !node.is_machine_level()) {
        machine.imsic = node.region();
        machine.imsic_stride = std::uint64_t{4096} << node.guest_index_bits;
        machine.imsic_ids = node.num_ids;
    }
}

/// Finds the contexts of harts, which are positions in interrupts-extended (Linux's binding sifive,plic-1.0.0).
void Reader::find_plic_contexts() {
    for (std::size_t at = 0; at < plic_targets.size(); at += 8) {
        for (std::size_t id = 0; id < max_harts; ++id) {
            if (cell(&plic_targets[at]) == hart_controllers[id] && cell(&plic_targets[at + 4]) == supervisor_external) {
                machine.plic_contexts[id] = static_cast<std::uint32_t>(at / 8);
            }
        }
    }
}

}  // namespace

Device Machine::device(std::string_view compatible) const {
    const auto all = all_devices();
    const auto it = std::ranges::find_if(all, [&](const auto& d) { return is_listed(d.compatible, compatible); });
    return it == all.end() ? Device{} : *it;
}

bool Machine::has_memory(std::uint64_t address) const {
    return std::ranges::any_of(windows(), [=](const Region& window) { return window.contains(address); });
}

bool Machine::has_source(std::uint32_t source) const {
    return source != 0 && std::ranges::find(devices, source, &Device::source) != devices.end();
}

bool Machine::has_extension(std::string_view name) const {
    for (auto rest = isa; !rest.empty();) {
        const auto length = std::min(rest.find('_'), rest.size());
        if (rest.substr(0, length) == name) {
            return true;
        }
        rest.remove_prefix(std::min(length + 1, rest.size()));
    }
    return false;
}

bool Machine::has_floats() const {
    return isa.substr(0, isa.find('_')).contains('d');
}

bool Machine::has_vectors() const {
    constexpr std::size_t behind_rv = 2;
    return isa.substr(0, isa.find('_')).find('v', behind_rv) != isa.npos || has_extension("zve32x");
}

Machine read_tree(std::uint64_t address) {
    const auto* const tree = reinterpret_cast<const std::byte*>(address);
    const auto* at = tree + cell(tree + 8);
    const auto* const names = tree + cell(tree + 12);
    const auto padded = [](std::size_t bytes) { return (bytes + 3) & ~std::size_t{3}; };
    Machine machine;
    Reader reader{machine};
    machine.tree = {address, cell(tree + 4)};
    const std::uint64_t used = std::max(cell(tree + 8) + cell(tree + 36), cell(tree + 12) + cell(tree + 32));
    machine.tree_room = {address + used, machine.tree.size - used};
    Node node;
    while (cell(at) != end) {
        const auto token = cell(at);
        at += 4;
        if (token == begin_node) {
            reader.close(node);
            node = {};
            at += padded(text(at).size() + 1);
        } else if (token == property) {
            const auto size = cell(at);
            read_property(node, text(names + cell(at + 4)), {at + 8, size});
            at += 8 + padded(size);
        } else if (token == end_node) {
            reader.close(node);
            node = {};
        }
    }
    reader.find_plic_contexts();
    machine.uart = machine.device("ns16550a");
    machine.rtc = machine.device("google,goldfish-rtc");
    return machine;
}

}  // namespace guest
