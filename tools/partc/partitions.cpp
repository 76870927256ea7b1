// SPDX-License-Identifier: Apache-2.0
#include "partitions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include "channels.hpp"
#include "core/imsic_layout.hpp"
#include "device_reset.hpp"
#include "devices.hpp"
#include "emulated_places.hpp"
#include "policy.hpp"
#include "serial.hpp"
#include "services.hpp"
#include "text.hpp"
#include "vocabulary.hpp"

namespace mullion::partc {
namespace {

/// COMMAND_LINE_SIZE of Linux for RISC-V, without the NUL.
constexpr std::size_t longest_bootargs = 1023;

/// Reads one partition.
class PartitionReader {
 public:
    PartitionReader(const Tree& tree, const BoardModel& board, const Grants& grants, const Node& node,
                    Diagnostics& diagnostics)
        : tree_(tree), board_(board), grants_(grants), node_(node), diagnostics_(diagnostics) {}

    GuestModel guest;

    void read() {
        guest.node = &node_;
        guest.name = node_.name;
        check_words(node_, words::partition);
        if (!node_.is_compatible("mullion,partition")) {
            error(node_.where("compatible"), "needs compatible = \"mullion,partition\"");
        }
        const bool has_memory =
            std::ranges::any_of(node_.children, [](const auto& child) { return child->base_name() == "memory"; });
        const bool has_cells = has_memory && check_cells();
        for (const auto& child : node_.children) {
            if (child->base_name() == "memory") {
                memory(*child, has_cells);
            } else if (child->name == "kernel") {
                image_node(*child, words::kernel);
            } else if (child->name == "ramdisk") {
                image_node(*child, words::ramdisk);
            } else if (child->base_name() == "serial") {
                serial(*child, has_cells);
            } else if (child->name == "policy") {
                check_words(*child, words::policy);
                read_policy(tree_, *child, guest, diagnostics_);
            }
        }
        if (node_.child("kernel") == nullptr) {
            error(node_.at, "has no kernel");
        }
        if (!has_memory) {
            error(node_.at, "has no memory");
        }
        guest.verified = node_.find("verify") != nullptr;
        bootargs();
        overlay();
        harts();
        devices();
        guest.sort_windows();
    }

 private:
    void error(const Position& at, const std::string& text) {
        diagnostics_.error(at, fmt::format("partition '{}': {}", node_.name, text));
    }

    void check_words(const Node& node, const Vocabulary& vocabulary) {
        const auto in = fmt::format("partition '{}': {}", node_.name, &node == &node_ ? "" : node.name + ": ");
        check_properties(node, in, vocabulary, diagnostics_);
        for (const auto& child : node.children) {
            const auto name = child->base_name();
            if (std::ranges::find(vocabulary.nodes, name) == vocabulary.nodes.end()) {
                diagnostics_.error(child->at, fmt::format("{}unknown node '{}'{}", in, child->name,
                                                          did_you_mean(name, vocabulary.nodes)));
            }
        }
    }

    bool check_cells() {
        bool fine = true;
        for (const auto* name : {"#address-cells", "#size-cells"}) {
            const auto cells = node_.cell(name);
            if (cells != 1U && cells != 2U) {
                error(node_.where(name), fmt::format("needs {0}, 1 or 2: {0} = <2>", name));
                fine = false;
            }
        }
        return fine;
    }

    /// Warns of a wrong address in the name. It is no error, as overriding `reg` by a label does not change the name.
    void check_name(const Node& node, Gpa base) {
        const auto name = fmt::format("memory@{:x}", base.value);
        const auto text = fmt::format("{} begins at {}: call it {}", node.name, hex(base.value), name);
        if (node.name == "memory") {
            error(node.at, text);
        } else if (node.name != name) {
            diagnostics_.warning(node.where("reg"), fmt::format("partition '{}': {}", node_.name, text));
        }
    }

    void serial(const Node& node, bool has_cells) {
        check_words(node, words::serial);
        const auto& first =
            *std::ranges::find(node_.children, "serial", [](const auto& child) { return child->base_name(); });
        if (first.get() != &node) {
            error(node.at,
                  fmt::format("{}: its serial port is {} ({})", node.name, first->name, reference(first->at, node.at)));
        } else if (has_cells) {
            read_serial(node, guest, diagnostics_);
        }
    }

    void memory(const Node& node, bool has_cells) {
        check_words(node, words::memory);
        if (!node.is_type("memory")) {
            error(node.where("device_type"), fmt::format("{} needs device_type = \"memory\"", node.name));
        }
        if (!has_cells) {
            return;
        }
        const auto ranges = node.reg();
        if (!ranges || ranges->size() != 1) {
            error(node.where("reg"), fmt::format("{}: reg is one guest address and one size", node.name));
            return;
        }
        // `reg` of a partition's memory has guest physical addresses.
        const GuestRange range{{ranges->front().base.value}, ranges->front().size};
        if (range.size == 0 || !is_aligned(range.base.value | range.size, page_size)) {
            error(node.where("reg"), fmt::format("{}: address and size are whole pages of {}, and the size is not 0",
                                                 node.name, exact_size(page_size)));
            return;
        }
        if (range.base.value + range.size < range.base.value) {
            error(node.where("reg"), fmt::format("{}: {} from {} on wraps around the end of all addresses", node.name,
                                                 exact_size(range.size), hex(range.base.value)));
            return;
        }
        check_name(node, range.base);
        if (guest.first_memory.size == 0) {
            guest.first_memory = range;
        }
        WindowModel window;
        window.name = node.name;
        window.at = node.where("reg");
        window.host_at = window.at;
        window.window = {
            .at = range.base, .to = {}, .size = range.size, .rights = Rights::rwx, .kind = WindowKind::memory};
        host_address(node, window);
        guest.windows.push_back(window);
    }

    void host_address(const Node& node, WindowModel& window) {
        const auto* given = node.find("host-address");
        const auto* identity = node.find("identity");
        if (given != nullptr) {
            const auto host = given->number();
            if (!host) {
                error(given->at, fmt::format("{}: host-address is one address", node.name));
            }
            window.host_at = given->at;
            window.window.to = {host.value_or(0)};
            window.placed = true;
        }
        if (identity != nullptr) {
            if (given != nullptr) {
                error(identity->at, fmt::format("{}: identity says that the host address is the guest's; leave out "
                                                "'host-address'",
                                                node.name));
            }
            window.host_at = identity->at;
            window.window.to = {window.window.at.value};
            window.placed = true;
        }
    }

    void image_node(const Node& node, const Vocabulary& vocabulary) {
        check_words(node, vocabulary);
        const auto* image = node.find("image");
        if (image == nullptr || image->string().value_or("").empty()) {
            error(node.where("image"), fmt::format("{} needs image = \"FILE\"", node.name));
        }
        for (const auto* name : {"load", "entry"}) {
            const auto* property = node.find(name);
            if (property != nullptr && !property->number()) {
                error(property->at, fmt::format("{}: {} is one guest address", node.name, name));
            }
        }
    }

    void bootargs() {
        if (const auto* property = node_.find("bootargs")) {
            const auto text = property->string();
            if (!text) {
                error(property->at, "bootargs is one string");
            } else if (text->size() > longest_bootargs) {
                error(property->at, fmt::format("bootargs has {} characters; Linux keeps {} and drops the rest",
                                                text->size(), longest_bootargs));
            }
            guest.bootargs = text.value_or("");
        }
    }

    void overlay() {
        const auto* property = node_.find("overlay");
        if (property != nullptr && property->string().value_or("").empty()) {
            error(property->at, "overlay is one file beside this one, as overlay = \"alpha.dtso\"");
        }
    }

    /// Returns the nodes in a list of references, and reports entries that are none.
    std::vector<const Node*> references(std::string_view name, std::string_view example) {
        const auto* property = node_.find(name);
        const auto cells = property == nullptr ? std::nullopt : property->cells();
        std::vector<const Node*> nodes;
        if (property != nullptr && !cells) {
            error(property->at, fmt::format("{} is a list of references, as {} = {}", name, name, example));
        }
        for (const auto cell : cells.value_or(std::vector<std::uint32_t>{})) {
            const auto* node = tree_.by_phandle(cell);
            if (node == nullptr) {
                error(property->at, fmt::format("{}: {} is no reference; write {} = {}", name, cell, name, example));
            } else {
                nodes.push_back(node);
            }
        }
        return nodes;
    }

    void harts() {
        if (node_.find("cpus") == nullptr) {
            error(node_.at, "has no cpus");
        }
        for (const auto* node : references("cpus", "<&cpu0 &cpu1>")) {
            const auto it = std::ranges::find(board_.hart_nodes, node);
            if (it == board_.hart_nodes.end()) {
                const auto* why = node->is_enabled() ? "not a cpu" : "disabled on this board";
                error(node_.where("cpus"), fmt::format("{} is {}", node->title(), why));
                continue;
            }
            const auto hart = static_cast<std::uint32_t>(it - board_.hart_nodes.begin());
            if (board_.imsic != nullptr) {
                guest_file_of(hart);
            }
            guest.harts.push_back(hart);
        }
    }

    /// Adds the window to a hart's guest interrupt file, at its address in the guest's tree.
    void guest_file_of(std::uint32_t hart) {
        const auto index = guest.harts.size();
        WindowModel window;
        window.name = fmt::format("interrupt file of hart {}", index);
        window.at = node_.where("cpus");
        window.host_at = window.at;
        window.window = {.at = {board_.board.imsic.base.value + index * page_size},
                         .to = interrupt_file(board_.board.imsic, board_.harts[hart].imsic_index, guest_file),
                         .size = page_size,
                         .rights = Rights::rw,
                         .kind = WindowKind::interrupt_file};
        window.placed = true;
        guest.windows.push_back(window);
    }

    void devices() {
        std::set<const Node*> named;
        for (const auto* device : references("devices", "<&rtc>")) {
            if (!named.insert(device).second) {
                error(node_.where("devices"), fmt::format("{} is named twice", device->title()));
                continue;
            }
            const auto granted = grants_.grant(*device, node_);
            if (!granted) {
                error(node_.where("devices"), fmt::format("{} {}", device->title(), granted.error()));
                continue;
            }
            add(*granted);
        }
        add_emulated_devices(board_, guest);
        watchdog_policy();
        dma_policy();
    }

    void add(const Grant& grant) {
        const auto& name = grant.node->title();
        if (grant.function) {
            guest.functions.push_back({*grant.function, grant.node});
        } else {
            add_device(*grant.node);
        }
        if (grant.unprotected_dma) {
            guest.bus_masters.push_back(name);
        }
        if (grant.noncoherent_dma) {
            guest.noncoherent.push_back(name);
        }
        for (const auto& pages : grant.pages) {
            const Window window{{pages.base.value}, pages.base, pages.size, Rights::rw, WindowKind::device};
            guest.windows.push_back({window, name, node_.where("devices"), node_.where("devices"), true});
        }
        for (const auto& source : grant.sources) {
            guest.sources.push_back({source, name});
        }
    }

    void add_device(const Node& device) {
        guest.devices.push_back(&device);
        const auto reset = reset_of(device);
        guest.resets.insert(guest.resets.end(), reset.begin(), reset.end());
        if (reset.empty()) {
            guest.without_reset.push_back(&device);
        }
    }

    void watchdog_policy() {
        const auto* policy = node_.child("policy");
        if (policy == nullptr || guest.device(DeviceKind::watchdog).exists()) {
            return;
        }
        for (const auto* name : {"on-watchdog", "on-watchdog-limit"}) {
            if (const auto* property = policy->find(name)) {
                error(property->at,
                      fmt::format("policy: {} needs a watchdog: write 'watchdog;' in the partition", name));
            }
        }
    }

    void dma_policy() {
        const auto* policy = node_.child("policy");
        if (guest.policy.stop_on_dma_fault && guest.functions.empty()) {
            error(policy->where("on-dma-fault"),
                  "policy: on-dma-fault = \"stop\" needs a PCI function behind an IOMMU among the devices");
        }
    }

    const Tree& tree_;
    const BoardModel& board_;
    const Grants& grants_;
    const Node& node_;
    Diagnostics& diagnostics_;
};

}  // namespace

void read_partitions(const Tree& tree, Model& model, Diagnostics& diagnostics) {
    const auto* partitions = tree.root().child("partitions");
    if (partitions == nullptr) {
        diagnostics.error(tree.root().at, "no node /partitions");
        return;
    }
    if (!partitions->is_compatible("mullion,partitions")) {
        diagnostics.error(partitions->where("compatible"), "partitions: needs compatible = \"mullion,partitions\"");
    }
    check_properties(*partitions, "partitions: ", words::partitions, diagnostics);
    if (const auto* services = partitions->find("services")) {
        model.services = read_services(*services, diagnostics);
        leave_out_features(model);
    }
    if (partitions->children.empty()) {
        diagnostics.error(partitions->at, "partitions: is empty; each node below it is a partition");
    }
    const Grants grants{tree, model.board};
    for (const auto& node : partitions->children) {
        if (is_channel(*node)) {
            continue;
        }
        const auto before = diagnostics.errors();
        PartitionReader reader{tree, model.board, grants, *node, diagnostics};
        reader.read();
        if (diagnostics.errors() == before) {
            model.guests.push_back(std::move(reader.guest));
        }
    }
    read_channels(tree, *partitions, model, diagnostics);
}

}  // namespace mullion::partc
