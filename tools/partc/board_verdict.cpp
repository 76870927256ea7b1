// SPDX-License-Identifier: Apache-2.0
#include "board_verdict.hpp"

#include <fmt/format.h>

#include <string_view>

#include "core/check_board.hpp"
#include "text.hpp"

namespace mullion::partc {
namespace {

class BoardExplainer {
 public:
    BoardExplainer(const Model& model, const Finding& finding) : model_(model), finding_(finding) {}

    const Position& position() const {
        switch (finding_.rule) {
            case Rule::hart_id_taken:
                return model_.board.hart_nodes[finding_.item]->where("reg");
            case Rule::hart_sizes_invalid:
                return model_.board.hart_nodes[finding_.item]->where("riscv,cboz-block-size");
            case Rule::console_invalid:
                return model_.board.console->where("reg-shift");
            case Rule::iommu_invalid:
                return model_.board.iommu->where("reg");
            case Rule::pci_invalid:
                return model_.board.pci->where("reg");
            case Rule::imsic_bits_invalid:
                return model_.board.imsic->at;
            case Rule::no_guest_file:
                return model_.board.imsic->where("riscv,guest-index-bits");
            case Rule::imsic_index_taken:
                return model_.board.imsic->where("interrupts-extended");
            case Rule::interrupt_files_outside:
                return model_.board.imsic->where("reg");
            case Rule::context_outside:
                return model_.board.controller->where("reg");
            case Rule::context_taken:
                return model_.board.controller->where("riscv,hart-indexes");  // positions of harts always differ
            case Rule::board_sources_invalid:
                return model_.board.controller->where(sources_property());
            case Rule::console_source_invalid:
                return model_.board.console->where("interrupts");
            default:
                return model_.board.controller->parent->at;
        }
    }

    /// Returns the property that has the number of the controller's sources.
    std::string_view sources_property() const {
        return model_.board.board.controller() == InterruptController::plic ? "riscv,ndev" : "riscv,num-sources";
    }

    std::string text() const {
        const auto& controller = model_.board.controller->title();
        switch (finding_.rule) {
            case Rule::load_address_unaligned:
                return fmt::format("the load address {} is not on a 2 MiB border",
                                   hex(model_.board.board.load_address.value));
            case Rule::board_too_high:
                return fmt::format("memory or controllers beyond {}, which the hypervisor does not reach",
                                   hex(host_address_end));
            case Rule::hypervisor_outside_ram:
                return fmt::format("there is too little memory from the load address {} on for Mullion and its images",
                                   hex(model_.board.board.load_address.value));
            case Rule::ram_overlaps:
                return fmt::format("memory at {} is there twice", hex(model_.board.ram[finding_.item].base.value));
            case Rule::hart_id_taken:
                return fmt::format("{} has the hart id of {} ({})", cpu(finding_.item), cpu(finding_.other),
                                   reference(model_.board.hart_nodes[finding_.other]->where("reg"), position()));
            case Rule::hart_sizes_invalid:
                return fmt::format("{}: its cache blocks or its addresses are of a size that there is not",
                                   cpu(finding_.item));
            case Rule::timebase_invalid:
                return "cpus: timebase-frequency is 0";
            case Rule::console_invalid:
                return fmt::format("{}: its registers, of {} bytes and 1 << {} bytes apart, are not within its {}",
                                   model_.board.console->title(), model_.board.board.console.io_width,
                                   model_.board.board.console.reg_shift, exact_size(model_.board.board.console.size));
            case Rule::iommu_invalid:
                return fmt::format("{}: its registers are {} on a border of {}, and its reg has no room for them",
                                   model_.board.iommu->title(), exact_size(Iommu::register_bytes),
                                   exact_size(Iommu::register_bytes));
            case Rule::pci_invalid:
                return fmt::format("{}: its configuration space is not whole buses of {} on a border of {}",
                                   model_.board.pci->title(), exact_size(PciHost::bus_bytes),
                                   exact_size(PciHost::bus_bytes));
            case Rule::imsic_bits_invalid:
                return "imsic: its index bits are more than an address has";
            case Rule::no_guest_file:
                return "the imsic has no guest interrupt files (riscv,guest-index-bits is 1..6)";
            case Rule::imsic_index_taken:
                return fmt::format("imsic: {} and {} have the same interrupt files", cpu(finding_.other),
                                   cpu(finding_.item));
            case Rule::interrupt_files_outside:
                return fmt::format("imsic: the interrupt files of {} are outside reg", cpu(finding_.item));
            case Rule::no_controller:
                return fmt::format("{}: has no registers", controller);
            case Rule::board_sources_invalid:
                return fmt::format("{}: {} is 1 to {}", controller, sources_property(), max_source);
            case Rule::console_source_invalid:
                return fmt::format("{}: the {} has no interrupt {}", model_.board.console->title(), controller,
                                   model_.board.board.console.source);
            case Rule::context_outside:
                return fmt::format("{}: the registers of {} are outside reg", controller, cpu(finding_.item));
            case Rule::context_taken:
                return fmt::format("{}: {} and {} have the same registers", controller, cpu(finding_.other),
                                   cpu(finding_.item));
            default:
                return "there is no partition";
        }
    }

 private:
    const std::string& cpu(std::uint32_t hart) const { return model_.board.hart_nodes[hart]->title(); }

    const Model& model_;
    const Finding& finding_;
};

}  // namespace

BoardVerdict board_verdict(const Model& model, const Finding& finding) {
    const BoardExplainer verdict{model, finding};
    return {verdict.position(), verdict.text()};
}

}  // namespace mullion::partc
