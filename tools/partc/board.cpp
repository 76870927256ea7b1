// SPDX-License-Identifier: Apache-2.0
#include "board.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <bit>
#include <iterator>
#include <span>
#include <string_view>
#include <utility>

#include "consoles.hpp"
#include "contexts.hpp"
#include "imsic_node.hpp"
#include "interrupts.hpp"
#include "kept.hpp"
#include "pci.hpp"
#include "reserved.hpp"
#include "text.hpp"

namespace mullion::partc {
namespace {

/// Returns the bits of virtual addresses from `mmu-type`, nothing unless that is a 64-bit mode.
std::optional<std::uint16_t> mmu_bits(const Node& hart) {
    const auto* type = hart.find("mmu-type");
    const auto mode = type == nullptr ? std::nullopt : type->string();
    for (const auto& [name, bits] : {std::pair{"riscv,sv39", std::uint16_t{39}},
                                     {"riscv,sv48", std::uint16_t{48}},
                                     {"riscv,sv57", std::uint16_t{57}}}) {
        if (mode == name) {
            return bits;
        }
    }
    return std::nullopt;
}

class BoardReader {
 public:
    BoardReader(const Tree& tree, Diagnostics& diagnostics) : tree_(tree), diagnostics_(diagnostics) {}

    BoardModel model;

    void read() {
        harts();
        memory();
        model.console = console();
        controllers();
        iommu();
        pci();
        model.kept = read_kept(tree_, model);
        if (model.console != nullptr && model.controller != nullptr) {
            const auto interrupts = interrupts_of(tree_, *model.console, *model.controller);
            if (!interrupts || interrupts->size() != 1) {
                error(*model.console, "interrupts",
                      fmt::format("needs one interrupt, of the {}", model.controller->title()));
            } else {
                model.board.console.source = interrupts->front().source;
                model.board.console.mode = mode_of(interrupts->front());
            }
        }
    }

 private:
    void error(const Node& node, std::string_view property, const std::string& text) {
        diagnostics_.error(node.where(property), fmt::format("board: {}: {}", node.title(), text));
    }

    /// Finds the node with a label, which must have one of `compatibles`.
    const Node* labelled(std::string_view label, const std::vector<std::string_view>& compatibles) {
        const auto* node = tree_.by_label(label);
        if (node == nullptr) {
            diagnostics_.error(tree_.root().at, fmt::format("board: no node is labelled '{}'", label));
        } else if (std::ranges::none_of(compatibles, [&](auto name) { return node->is_compatible(name); })) {
            error(*node, "compatible", fmt::format("is not a \"{}\"", fmt::join(compatibles, "\" or \"")));
            node = nullptr;
        }
        return node;
    }

    HostRange only_range(const Node& node) {
        const auto ranges = node.host_ranges();
        if (!ranges || ranges->size() != 1) {
            error(node, "reg", "needs one address and size that the machine sees");
            return {};
        }
        return ranges->front();
    }

    std::uint32_t needed(const Node& node, std::string_view property) {
        const auto value = node.cell(property);
        if (!value) {
            error(node, property, fmt::format("needs {}, one number", property));
        }
        return value.value_or(0);
    }

    void harts() {
        const auto* cpus = tree_.root().child("cpus");
        if (cpus == nullptr) {
            diagnostics_.error(tree_.root().at, "board: no node /cpus");
            return;
        }
        model.board.timebase_frequency = needed(*cpus, "timebase-frequency");
        if (cpus->cell("timebase-frequency") == 0U) {
            error(*cpus, "timebase-frequency", "timebase-frequency is 0");
        }
        for (const auto& node : cpus->children) {
            if (node->is_type("cpu") && node->is_enabled()) {
                hart(*node);
            }
        }
        // Nobody could flush what a guest with Svpbmt reads around the caches; any hart of a guest may have to.
        withhold_unless_all_have(Extension::zicbom, Extension::svpbmt);
        // The image has one kind of timer (hv/drivers.cpp): a hart that sleeps by the firmware's would not wake for a
        // time that its guest has written to stimecmp.
        withhold_unless_all_have(Extension::sstc, Extension::sstc);
    }

    void withhold_unless_all_have(Extension needed, Extension withheld) {
        const auto has = [needed](const Hart& hart) { return hart.features.has(needed); };
        if (!std::ranges::all_of(model.harts, has)) {
            for (auto& hart : model.harts) {
                hart.features = hart.features.without(withheld);
            }
        }
    }

    void hart(const Node& node) {
        const auto* listed = node.find("riscv,isa-extensions");
        const auto names = listed == nullptr ? std::nullopt : listed->strings();
        if (!names) {
            error(node, "riscv,isa-extensions", "needs riscv,isa-extensions, the list of what the hart has");
            return;
        }
        // The older list, which guests may read instead of the other.
        const auto* isa = node.find("riscv,isa");
        if (isa != nullptr && !isa->string().value_or("").starts_with("rv64")) {
            error(node, "riscv,isa", "riscv,isa is one string that begins with rv64");
        }
        for (const auto& lack : lacks_of(node, *names, has_imsic())) {
            error(node, "riscv,isa-extensions", lack);
        }
        Hart hart{.id = HartId{needed(node, "reg")},
                  .imsic_index = 0,
                  .features = {},
                  .cboz_block = 0,
                  .cbom_block = 0,
                  .mmu_bits = mmu_bits(node).value_or(39)};
        for (const auto& name : *names) {
            // Ssaia's registers for guests are those of guest interrupt files.
            const bool is_without_use = name == "ssaia" && !has_imsic();
            if (const auto extension = find_extension(name); extension && !is_without_use) {
                hart.features = hart.features.with(*extension);
            }
        }
        for (const auto* property : {"riscv,cbom-block-size", "riscv,cbop-block-size", "riscv,cboz-block-size"}) {
            block(node, property);
        }
        if (hart.features.has(Extension::zicboz)) {
            hart.cboz_block = static_cast<std::uint16_t>(needed(node, "riscv,cboz-block-size"));
        }
        if (hart.features.has(Extension::zicbom)) {
            hart.cbom_block = static_cast<std::uint16_t>(needed(node, "riscv,cbom-block-size"));
        }
        model.harts.push_back(hart);
        model.hart_nodes.push_back(&node);
    }

    /// Checks the size of a cache block, if the node gives one: windows must be whole blocks.
    void block(const Node& node, std::string_view property) {
        const auto size = node.cell(property);
        if (node.find(property) != nullptr && (!std::has_single_bit(size.value_or(0)) || *size > page_size)) {
            error(node, property, fmt::format("{} is a power of two up to {}", property, page_size));
        }
    }

    /// Returns a node's memory, less what linux,usable-memory leaves out: firmware has that, or an older kernel (Linux,
    /// drivers/of/fdt.c).
    static std::optional<std::vector<HostRange>> usable_memory(const Node& node) {
        const auto all = node.host_ranges();
        if (node.find("linux,usable-memory") == nullptr || !all) {
            return all;
        }
        const auto usable = node.host_ranges("linux,usable-memory");
        if (!usable) {
            return std::nullopt;
        }
        std::vector<HostRange> ranges;
        for (const auto& range : *all) {
            for (const auto& other : *usable) {
                const auto base = std::max(range.base, other.base);
                const auto end = std::min(range.end(), other.end());
                if (base < end) {
                    ranges.push_back({base, end - base});
                }
            }
        }
        return ranges;
    }

    void memory() {
        std::vector<std::pair<HostRange, const Node*>> banks;
        for (const auto& node : tree_.root().children) {
            if (!node->is_type("memory") || !node->is_enabled()) {
                continue;
            }
            const auto ranges = usable_memory(*node);
            if (!ranges) {
                error(*node, "reg", "needs reg, with addresses and sizes");
                continue;
            }
            for (const auto& range : *ranges) {
                once(range, *node, banks);
                banks.emplace_back(range, node.get());
                model.ram.push_back(range);
            }
        }
        std::ranges::sort(model.ram, {}, &HostRange::base);
        if (model.ram.empty()) {
            diagnostics_.error(tree_.root().at,
                               "board: no memory: a node with device_type = \"memory\" says where it is");
        }
        if (const auto* firmware = tree_.by_label("firmware")) {
            model.board.firmware = only_range(*firmware);
        }
        model.reserved = read_reserved(tree_, model.ram, diagnostics_);
        // The firmware's memory may be reserved twice, in different ways: it counts once.
        std::erase_if(model.reserved, [&](const ReservedModel& reserved) {
            return model.board.firmware.contains(reserved.range.base, reserved.range.size);
        });
    }

    /// Reports memory that overlaps memory of another node.
    void once(const HostRange& range, const Node& node, std::span<const std::pair<HostRange, const Node*>> banks) {
        for (const auto& [other, by] : banks) {
            if (other.overlaps(range)) {
                error(node, "reg",
                      fmt::format("{} overlaps {} of {} ({})", span(range.base.value, range.size),
                                  span(other.base.value, other.size), by->title(),
                                  reference(by->where("reg"), node.where("reg"))));
            }
        }
    }

    const Node* console() {
        std::vector<std::string_view> names;
        std::ranges::transform(driven_consoles, std::back_inserter(names), &DrivenConsole::compatible);
        const auto* node = labelled("uart0", names);
        if (node != nullptr) {
            if (node->cell("reg-offset").value_or(0) != 0) {
                error(*node, "reg-offset", "reg-offset: Mullion drives a console from the start of its reg");
            }
            const auto range = only_range(*node);
            const auto width = node->cell("reg-io-width").value_or(1);
            if (width != 1 && width != 4) {
                error(*node, "reg-io-width", fmt::format("reg-io-width is {}: a console has 1 or 4", width));
                return nullptr;
            }
            model.board.console = {.base = range.base,
                                   .size = range.size,
                                   .reg_shift = node->cell("reg-shift").value_or(0),
                                   .io_width = static_cast<std::uint8_t>(width),
                                   .kind = *console_kind(*node)};
        }
        return node;
    }

    bool has_imsic() const { return tree_.by_label("imsic") != nullptr; }

    /// Reads the interrupt controllers, which the labels select: an APLIC with an IMSIC, a PLIC, or an APLIC that
    /// interrupts harts directly.
    void controllers() {
        const bool is_plic = !has_imsic() && tree_.by_label("plic") != nullptr;
        const auto* node =
            is_plic ? labelled("plic", {known_plics.begin(), known_plics.end()}) : labelled("aplic", {"riscv,aplic"});
        if (has_imsic()) {
            imsic();
        }
        if (node == nullptr) {
            return;
        }
        const auto range = only_range(*node);
        const auto cells = is_plic ? plic_cells : aplic_cells;
        if (node->cell("#interrupt-cells") != cells) {
            error(*node, "#interrupt-cells", fmt::format("needs #interrupt-cells = <{}>", cells));
            return;
        }
        model.controller = node;
        if (is_plic) {
            model.board.plic = {range.base, range.size, needed(*node, "riscv,ndev")};
        } else {
            model.board.aplic = {range.base, range.size, needed(*node, "riscv,num-sources")};
        }
        if (!has_imsic()) {
            const auto contexts = read_contexts(tree_, *node, model.hart_nodes, diagnostics_);
            for (std::size_t h = 0; h < contexts.size(); ++h) {
                model.harts[h].context = contexts[h];
            }
        }
    }

    void imsic() {
        model.imsic = labelled("imsic", {"riscv,imsics"});
        if (model.imsic != nullptr) {
            const auto imsic = read_imsic(tree_, *model.imsic, model.hart_nodes, diagnostics_);
            model.board.imsic = imsic.imsic;
            for (std::size_t h = 0; h < imsic.indices.size(); ++h) {
                model.harts[h].imsic_index = imsic.indices[h];
            }
        }
    }

    /// Reads the IOMMU, whatever its label: one that is left alone would let devices through as firmware left it.
    void iommu() {
        walk(tree_.root(), [&](const Node& node) {
            if (!node.is_compatible("riscv,iommu") || !node.is_enabled()) {
                return;
            }
            if (model.iommu != nullptr) {
                error(node, "compatible",
                      fmt::format("is another IOMMU than {} ({}): Mullion drives one", model.iommu->title(),
                                  reference(model.iommu->where("compatible"), node.where("compatible"))));
                return;
            }
            model.iommu = &node;
            const auto range = only_range(node);
            model.board.iommu = {range.base, range.size};
        });
    }

    /// Reads the PCI host bridge whose functions do DMA through the IOMMU. Others have nothing to grant.
    void pci() {
        walk(tree_.root(), [&](const Node& node) {
            if (model.iommu == nullptr || !is_host_bridge(tree_, node, *model.iommu)) {
                return;
            }
            if (model.pci != nullptr) {
                error(node, "compatible",
                      fmt::format(
                          "is another PCI host bridge than {} ({}) before {}: Mullion drives one", model.pci->title(),
                          reference(model.pci->where("compatible"), node.where("compatible")), model.iommu->title()));
                return;
            }
            const auto* buses = node.find("bus-range");
            if (buses != nullptr && (buses->value.size() != 8 || buses->cell_at(0) != 0)) {
                error(node, "bus-range", "bus-range is two numbers, and the first is 0");
            }
            model.pci = &node;
            model.pci_windows = node.pci_memory();
            const auto range = only_range(node);
            model.board.pci = {range.base, range.size};
        });
    }

    const Tree& tree_;
    Diagnostics& diagnostics_;
};

}  // namespace

std::optional<BoardModel> read_board(const Tree& tree, const std::string& name, Hpa load_address,
                                     Diagnostics& diagnostics) {
    const auto before = diagnostics.errors();
    BoardReader reader{tree, diagnostics};
    reader.model.board.name = name;
    reader.model.board.load_address = load_address;
    reader.read();
    return diagnostics.errors() == before ? std::optional{std::move(reader.model)} : std::nullopt;
}

std::vector<std::string> lacks_of(const Node& hart, const std::vector<std::string>& extensions, bool has_imsic) {
    const auto* listed = hart.find("riscv,isa-extensions");
    const auto names = listed == nullptr ? extensions : listed->strings().value_or(std::vector<std::string>{});
    std::vector<std::string> lacks;
    const auto* isa = hart.find("riscv,isa-base") == nullptr ? hart.find("riscv,isa") : hart.find("riscv,isa-base");
    if (const auto base = isa == nullptr ? std::nullopt : isa->string(); base && !base->starts_with("rv64")) {
        lacks.push_back("is no 64-bit hart");
    }
    if (!mmu_bits(hart)) {
        const auto* mmu = hart.find("mmu-type");
        const auto mode = mmu == nullptr ? std::nullopt : mmu->string();
        lacks.push_back(
            fmt::format("mmu-type is {}: Mullion's own tables need Sv39 or larger", mode.value_or("missing")));
    }
    const auto declares = [&](std::string_view name) { return std::ranges::find(names, name) != names.end(); };
    if (!declares("h")) {
        lacks.push_back("does not declare 'h': without the hypervisor extension it cannot run guests");
    }
    if (has_imsic && !declares("ssaia")) {
        lacks.push_back("does not declare 'ssaia', which guest interrupt files need");
    }
    return lacks;
}

}  // namespace mullion::partc
