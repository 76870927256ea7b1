// SPDX-License-Identifier: Apache-2.0
#include "pci_verdict.hpp"

#include <fmt/format.h>

#include "pci.hpp"
#include "text.hpp"

namespace mullion::partc {
namespace {

class FunctionExplainer {
 public:
    FunctionExplainer(const Model& model, const Finding& finding)
        : model_(model),
          finding_(finding),
          guest_(model.guests[finding.guest]),
          at_(finding.rule == Rule::memory_on_bus ? guest_.windows[finding.item].at : guest_.node->where("devices")) {}

    const Position& position() const { return at_; }

    std::string text() const {
        switch (finding_.rule) {
            case Rule::function_without_iommu:
                return "it has PCI functions, for which the board lacks a host bridge, an IOMMU or an IMSIC";
            case Rule::pci_host_missing:
                return "it has PCI functions and no emulated host bridge, or a bridge and no functions";
            case Rule::memory_on_bus:
                return memory_text();
            case Rule::function_taken:
                return taken_text();
            case Rule::function_id_too_wide:
                return fmt::format("{}: its device id {} ({}) has more than the 24 bits that an IOMMU knows", name(),
                                   hex(function().device_id), bridge("iommu-map"));
            case Rule::function_unfound:
                return unfound_text();
            default:
                return bar_text();
        }
    }

 private:
    const FunctionModel& model_of(const GuestModel& guest, std::uint32_t item) const { return guest.functions[item]; }
    const PciFunction& function() const { return model_of(guest_, finding_.item).function; }
    const std::string& name() const { return model_of(guest_, finding_.item).node->title(); }
    std::string bridge(std::string_view property) const { return reference(model_.board.pci->where(property), at_); }

    std::string memory_text() const {
        const auto& window = guest_.windows[finding_.item];
        return fmt::format(
            "{} is where {} has addresses of its bus ({}), so that DMA would not come to it: choose other "
            "guest addresses",
            window.name, model_.board.pci->title(), bridge("ranges"));
    }

    std::string taken_text() const {
        const auto& other_guest = model_.guests[finding_.other_guest];
        const auto& other = model_of(other_guest, finding_.other);
        const auto owner =
            fmt::format("'{}' ({})", other_guest.name, reference(other_guest.node->where("devices"), at_));
        if (other.node == model_of(guest_, finding_.item).node) {
            return fmt::format("{} already belongs to {}", name(), owner);
        }
        if (other.function.number == function().number) {
            return fmt::format("{} is the same function as {} of {}: {}", name(), other.node->title(), owner,
                               address_text(function()));
        }
        return fmt::format("{} has the device id of {} of {}, {} ({}): the IOMMU cannot tell them apart", name(),
                           other.node->title(), owner, hex(function().device_id), bridge("iommu-map"));
    }

    std::string unfound_text() const {
        auto first = function();
        first.number &= 0b1111'1000;
        return fmt::format("{} is {}, which a guest finds only beside {}: grant that, too", name(),
                           address_text(function()), address_text(first));
    }

    std::string bar_text() const {
        const auto& bar = function().bars[finding_.other];
        const auto text =
            fmt::format("{}: BAR {}, {} at {}", name(), finding_.other, exact_size(bar.size), hex(bar.base.value));
        switch (finding_.rule) {
            case Rule::bar_invalid:
                return text +
                       ", is none: its size is a power of two, 16 bytes at least, and its address a multiple of "
                       "that; one of 32 bits ends at 4 GiB, one of 64 bits takes two registers";
            case Rule::bar_outside:
                return fmt::format("{}, is in no memory of the bus that {} hands on unchanged ({})", text,
                                   model_.board.pci->title(), bridge("ranges"));
            default:
                return text + ", is not granted with it";
        }
    }

    const Model& model_;
    const Finding& finding_;
    const GuestModel& guest_;
    const Position at_;
};

}  // namespace

bool is_about_functions(Rule rule) {
    switch (rule) {
        case Rule::function_without_iommu:
        case Rule::function_taken:
        case Rule::function_id_too_wide:
        case Rule::function_unfound:
        case Rule::bar_invalid:
        case Rule::bar_outside:
        case Rule::bar_not_granted:
        case Rule::memory_on_bus:
        case Rule::pci_host_missing:
            return true;
        default:
            return false;
    }
}

BoardVerdict pci_verdict(const Model& model, const Finding& finding) {
    const FunctionExplainer verdict{model, finding};
    return {verdict.position(), verdict.text()};
}

}  // namespace mullion::partc
