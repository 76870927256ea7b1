// SPDX-License-Identifier: Apache-2.0
#include "host_board.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>

#include "board.hpp"
#include "consoles.hpp"
#include "core/kept.hpp"
#include "host_labels.hpp"
#include "interrupts.hpp"
#include "isa_string.hpp"
#include "neighbours.hpp"
#include "privilege.hpp"
#include "property_text.hpp"
#include "text.hpp"

namespace mullion::partc {
namespace {

class Reader {
 public:
    explicit Reader(const Tree& tree) : tree_(tree) {}

    HostBoard board;

    void read(std::optional<Hpa> load_address) {
        leave_out();
        harts();
        console();
        controllers();
        memory(load_address);
        board.labels = label_host(tree_, board);
        shortcomings();
    }

 private:
    /// Adds an open question. Names of the tree in it may have any byte.
    void open(std::string text) {
        std::ranges::replace_if(
            text, [](unsigned char c) { return c < ' ' || c >= 0x7f; }, '?');
        board.open.push_back(std::move(text));
    }

    /// Returns whether `node` and all nodes above it are kept.
    bool is_kept(const Node& node) const {
        const auto* at = &node;
        while (at != nullptr && !board.left_out.contains(at)) {
            at = at->parent;
        }
        return at == nullptr;
    }

    void leave_out() {
        // These are what the firmware tells its next stage, and what dtc adds for overlays; reserved memory is written
        // anew.
        for (const auto* name : {"chosen", "reserved-memory", "__symbols__", "__fixups__", "__local_fixups__"}) {
            if (const auto* node = tree_.root().child(name)) {
                board.left_out.insert(node);
            }
        }
        walk(tree_.root(), [&](const Node& node) {
            if (is_machine_level(tree_, node)) {
                board.left_out.insert(&node);
            }
            leave_out_unwritable(node);
        });
    }

    /// Leaves out what a flattened tree can hold and no source can say.
    void leave_out_unwritable(const Node& node) {
        for (const auto& child : node.children) {
            if (!is_node_name(child->name)) {
                board.left_out.insert(child.get());
                open(fmt::format("node {} below {} is left out: no source can have it", child->name, node.name));
            }
        }
        for (const auto& property : node.properties) {
            if (!is_property_name(property.name)) {
                open(fmt::format("property {} of {} is left out: no source can have it", property.name, node.name));
            }
        }
    }

    void harts() {
        const auto* cpus = tree_.root().child("cpus");
        if (cpus == nullptr || !cpus->cell("timebase-frequency")) {
            open("/cpus gives no timebase-frequency");
        }
        for (const auto& node : cpus == nullptr ? tree_.root().children : cpus->children) {
            if (node->is_type("cpu") && node->is_enabled()) {
                board.harts.push_back(node.get());
            }
        }
        std::ranges::stable_sort(board.harts, {}, [](const Node* hart) { return hart->cell("reg").value_or(0); });
        for (const auto* hart : board.harts) {
            const auto* isa = hart->find("riscv,isa");
            const auto text = isa == nullptr ? std::nullopt : isa->string();
            if (hart->find("riscv,isa-extensions") == nullptr && text) {
                board.extensions[hart] = extensions_of(*text);
            }
        }
    }

    /// Finds the console by /chosen/stdout-path, which may have settings behind a colon; else takes the first port that
    /// Mullion can drive.
    void console() {
        const auto* chosen = tree_.root().child("chosen");
        const auto* path = chosen == nullptr ? nullptr : chosen->find("stdout-path");
        if (const auto text = path == nullptr ? std::nullopt : path->string()) {
            board.uart = tree_.by_path(text->substr(0, text->find(':')));
        }
        if (board.uart == nullptr || !is_kept(*board.uart)) {
            board.uart = first([](const Node& node) { return console_kind(node).has_value(); });
            open(board.uart == nullptr
                     ? "there is no console: /chosen/stdout-path names none that Mullion drives"
                     : "/chosen/stdout-path names no console: uart0 is the first that Mullion drives");
        } else if (!console_kind(*board.uart)) {
            open(fmt::format("the console, {}, is none that Mullion drives", board.uart->name));
        }
    }

    /// Returns the first kept node, in the order of addresses, for which `wanted` holds; null if there is none.
    template <class Wanted>
    const Node* first(Wanted wanted) const {
        const Node* best = nullptr;
        walk(tree_.root(), [&](const Node& node) {
            if (is_kept(node) && wanted(node) && (best == nullptr || address_of(node) < address_of(*best))) {
                best = &node;
            }
        });
        return best;
    }

    void controllers() {
        const auto is_domain = [&](const Node& node) {
            return node.is_compatible("riscv,aplic") && is_supervisor_level(tree_, node);
        };
        const auto* of_console = board.uart == nullptr ? nullptr : interrupt_parent(tree_, *board.uart);
        const bool fits = of_console != nullptr && is_domain(*of_console) && is_kept(*of_console);
        board.aplic = fits ? of_console : first(is_domain);
        const auto msi = board.aplic == nullptr ? std::nullopt : board.aplic->cell("msi-parent");
        board.imsic = msi ? tree_.by_phandle(*msi) : nullptr;
        board.plic = first([&](const Node& node) {
            const bool is_plic =
                is_known(node) || node.is_compatible("thead,c900-plic") || node.is_compatible("andestech,nceplic100");
            return is_plic && is_supervisor_level(tree_, node);
        });
    }

    static bool is_known(const Node& plic) {
        return std::ranges::any_of(known_plics, [&](auto name) { return plic.is_compatible(name); });
    }

    /// Returns whether the firmware keeps the memory: OpenSBI's nodes are named mmode_resvN.
    static bool is_firmware(const Node& reserved) {
        return reserved.name.starts_with("mmode_resv") || reserved.name.contains("opensbi") ||
               reserved.name.starts_with("firmware");
    }

    void add_firmware(const HostRange& range) {
        auto& firmware = board.firmware;
        const auto base = firmware.size == 0 ? range.base : std::min(firmware.base, range.base);
        const auto end = firmware.size == 0 ? range.end() : std::max(firmware.end(), range.end());
        firmware = {base, end - base};
    }

    /// Returns whether there is such a range: it is not empty, and does not wrap around.
    static bool is_range(const HostRange& range) { return range.end() > range.base; }

    /// Returns the node's memory or registers, without ranges that are empty or wrap around. Addresses in a folder
    /// without `ranges` are the machine's.
    static std::vector<HostRange> places_of(const Node& node) {
        auto ranges = (node.host_ranges() ? node.host_ranges() : node.reg()).value_or(std::vector<HostRange>{});
        std::erase_if(ranges, [](const HostRange& range) { return !is_range(range); });
        return ranges;
    }

    /// Adds what nodes that are not kept reserve, however deep: memory with another use, frame buffers of firmware.
    void reservations() {
        for (const auto* folder : {"reserved-memory", "chosen"}) {
            const auto* reserved = tree_.root().child(folder);
            for (std::size_t i = 0; reserved != nullptr && i < reserved->children.size(); ++i) {
                const auto& top = *reserved->children[i];
                walk(top, [&](const Node& node) { reserve(node, is_firmware(top)); });
            }
        }
    }

    void reserve(const Node& node, bool for_firmware) {
        for (const auto& range : places_of(node)) {
            if (for_firmware) {
                add_firmware(range);
            } else {
                board.reserved.push_back(range);
                open(fmt::format("{} reserves {}: it is taken out of memory", node.name,
                                 span(range.base.value, range.size)));
            }
        }
    }

    /// Adds registers of the machine level, which are left out, where they share a page with a device.
    void occupied() {
        const Neighbours neighbours{tree_};
        for (const auto* node : board.left_out) {
            for (const auto& range : is_machine_level(tree_, *node) ? places_of(*node) : std::vector<HostRange>{}) {
                if (neighbours.in(pages_of(range), *node) != nullptr) {
                    board.occupied.push_back(range);
                }
            }
        }
    }

    void memory(std::optional<Hpa> load_address) {
        reservations();
        occupied();
        for (const auto& node : tree_.root().children) {
            const bool is_ram = node->is_type("memory") && node->is_enabled();
            const auto ranges = is_ram ? node->host_ranges() : std::nullopt;
            for (const auto& range : ranges.value_or(std::vector<HostRange>{})) {
                if (load_address && range.contains(*load_address)) {
                    add_firmware({range.base, *load_address - range.base});
                }
            }
        }
        for (const auto& range : tree_.reservations()) {
            if (is_range(range) && !board.firmware.contains(range.base, range.size)) {
                board.reserved.push_back(range);
                open(fmt::format("the tree's head reserves {}: it is taken out of memory",
                                 span(range.base.value, range.size)));
            }
        }
        if (board.firmware.size == 0) {
            open("nothing says which memory the firmware keeps: add a node 'firmware' below reserved-memory");
        }
    }

    /// Tells what the board lacks for running Mullion, once for all harts that lack it.
    void shortcomings() {
        std::vector<std::pair<std::string, std::vector<std::string>>> lacks;
        for (const auto* hart : board.harts) {
            const auto extensions = board.extensions.find(hart);
            for (const auto& lack :
                 lacks_of(*hart, extensions == board.extensions.end() ? std::vector<std::string>{} : extensions->second,
                          board.imsic != nullptr)) {
                auto it = std::ranges::find(lacks, lack, [](const auto& entry) { return entry.first; });
                it = it == lacks.end() ? lacks.insert(it, {lack, {}}) : it;
                it->second.push_back(board.labels.at(hart));
            }
        }
        for (const auto& [lack, harts] : lacks) {
            open(fmt::format("{}: {}", fmt::join(harts, ", "), lack));
        }
        if (board.harts.empty()) {
            open("there is no hart");
        }
        if (board.aplic == nullptr && board.plic == nullptr) {
            open("there is no supervisor-level APLIC or PLIC");
        } else if (board.imsic == nullptr && board.plic != nullptr && !is_known(*board.plic)) {
            open(fmt::format("{} is another PLIC than Mullion drives", board.labels.at(board.plic)));
        } else if (board.imsic != nullptr && board.imsic->cell("riscv,guest-index-bits").value_or(0) == 0) {
            open("imsic: riscv,guest-index-bits is 0: no hart has a guest interrupt file");
        }
    }

    const Tree& tree_;
};

}  // namespace

HostBoard understand_host(const Tree& tree, std::optional<Hpa> load_address) {
    Reader reader{tree};
    reader.read(load_address);
    return std::move(reader.board);
}

}  // namespace mullion::partc
