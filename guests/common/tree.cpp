// SPDX-License-Identifier: Apache-2.0
#include "common/tree.hpp"

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

/// What was seen of the node that is open. A child that begins ends the properties of its parent (5.4.2), so one
/// suffices; two address and two size cells are the habit of every machine that we run on.
struct Node {
    std::string_view device_type;
    std::string_view bootargs;
    std::span<const std::byte> compatible;
    std::span<const std::byte> reg;
    std::uint32_t source = 0;
    std::uint32_t num_sources = 0;
    std::uint32_t num_ids = 0;
    std::uint32_t guest_index_bits = 0;
    std::uint32_t ticks_per_second = 0;
    bool disabled = false;
    bool machine_level = false;

    bool is(std::string_view wanted) const {
        for (std::size_t at = 0; at < compatible.size();) {
            const auto candidate = text(&compatible[at]);
            if (candidate == wanted) {
                return true;
            }
            at += candidate.size() + 1;
        }
        return false;
    }

    Region region() const { return {two_cells(reg.data()), two_cells(reg.data() + 8)}; }
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
    } else if (name == "status") {
        node.disabled = text(value.data()) == "disabled";
    } else if (name == "interrupts") {
        node.source = cell(value.data());
    } else if (name == "riscv,num-sources") {
        node.num_sources = cell(value.data());
    } else if (name == "riscv,num-ids") {
        node.num_ids = cell(value.data());
    } else if (name == "riscv,guest-index-bits") {
        node.guest_index_bits = cell(value.data());
    } else if (name == "timebase-frequency") {
        node.ticks_per_second = cell(value.data());
    } else if (name == "riscv,children") {  // the root domain of an APLIC
        node.machine_level = true;
    } else if (name == "interrupts-extended" && value.size() >= 8) {  // 11: machine external interrupt of a hart
        node.machine_level = cell(value.data() + 4) == 11;
    }
}

void close_node(Machine& machine, const Node& node) {
    if (!node.bootargs.empty()) {
        machine.bootargs = node.bootargs;
    }
    if (node.ticks_per_second != 0) {
        machine.ticks_per_second = node.ticks_per_second;
    }
    if (node.disabled || node.machine_level) {
        return;
    }
    if (node.device_type == "cpu") {
        ++machine.harts;
    } else if (node.device_type == "memory") {
        for (std::size_t at = 0; at < node.reg.size() && machine.memories < machine.memory.size(); at += 16) {
            machine.memory[machine.memories++] = {two_cells(&node.reg[at]), two_cells(&node.reg[at + 8])};
        }
    } else if (node.is("ns16550a")) {
        machine.uart = node.region();
        machine.uart_source = node.source;
    } else if (node.is("google,goldfish-rtc")) {
        machine.rtc = node.region();
        machine.rtc_source = node.source;
    } else if (node.is("allwinner,sun6i-a31-wdt")) {
        machine.watchdog = node.region();
        machine.watchdog_source = node.source;
    } else if (node.is("riscv,aplic")) {
        machine.aplic = node.region();
        machine.aplic_sources = node.num_sources;
    } else if (node.is("riscv,imsics")) {
        machine.imsic = node.region();
        machine.imsic_stride = std::uint64_t{4096} << node.guest_index_bits;
        machine.imsic_ids = node.num_ids;
    }
}

}  // namespace

Machine read_tree(std::uint64_t address) {
    const auto* const tree = reinterpret_cast<const std::byte*>(address);
    const auto* at = tree + cell(tree + 8);
    const auto* const names = tree + cell(tree + 12);
    const auto padded = [](std::size_t bytes) { return (bytes + 3) & ~std::size_t{3}; };
    Machine machine;
    machine.tree = {address, cell(tree + 4)};
    Node node;
    while (cell(at) != end) {
        const auto token = cell(at);
        at += 4;
        if (token == begin_node) {
            close_node(machine, node);
            node = {};
            at += padded(text(at).size() + 1);
        } else if (token == property) {
            const auto size = cell(at);
            read_property(node, text(names + cell(at + 4)), {at + 8, size});
            at += 8 + padded(size);
        } else if (token == end_node) {
            close_node(machine, node);
            node = {};
        }
    }
    return machine;
}

}  // namespace guest
