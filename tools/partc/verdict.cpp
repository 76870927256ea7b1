// SPDX-License-Identifier: Apache-2.0
#include "verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "board_verdict.hpp"
#include "channels.hpp"
#include "consequences.hpp"
#include "core/check.hpp"
#include "core/kept.hpp"
#include "pci_verdict.hpp"
#include "policy.hpp"
#include "text.hpp"

namespace mullion::partc {
namespace {

/// Explains one finding in words. Rules that partc's own work cannot break have words, too, as check() also judges
/// partc.
class FindingExplainer {
 public:
    FindingExplainer(const Model& model, Diagnostics& diagnostics, const Finding& finding)
        : model_(model), diagnostics_(diagnostics), finding_(finding) {}

    void tell() {
        if (is_about_channel(finding_.rule)) {
            const auto verdict = channel_verdict(model_, finding_);
            const auto& name = model_.channels[finding_.item].node->name;
            diagnostics_.error(verdict.at, fmt::format("channel '{}': {}", name, verdict.text));
        } else if (finding_.guest == Finding::board) {
            const auto verdict = board_verdict(model_, finding_);
            diagnostics_.error(verdict.at, "board: " + verdict.text);
        } else {
            const auto text = guest_text();
            diagnostics_.error(position_, fmt::format("partition '{}': {}", guest().name, text));
        }
    }

 private:
    const GuestModel& guest() const { return model_.guests[finding_.guest]; }
    const GuestModel& other() const { return model_.guests[finding_.other_guest]; }
    const WindowModel& window() const { return guest().windows[finding_.item]; }
    const std::string& cpu(std::uint32_t hart) const { return model_.board.hart_nodes[hart]->title(); }
    bool same_guest() const { return finding_.guest == finding_.other_guest; }

    /// Returns the message, and sets its position.
    std::string guest_text() {
        if (is_about_functions(finding_.rule)) {
            auto verdict = pci_verdict(model_, finding_);
            position_ = verdict.at;
            return verdict.text;
        }
        position_ = guest().node->at;
        switch (finding_.rule) {
            case Rule::name_invalid:
                return "a name is 1 to 12 of a-z, 0-9 and '-', and begins with a letter";
            case Rule::name_reserved:
                return "this name has a meaning of its own; choose another";
            case Rule::name_of_file:
                return "the build writes a file of this name; choose another";
            case Rule::name_taken:
                return fmt::format("this name is taken ({})", reference(other().node->at, position_));
            case Rule::no_hart:
            case Rule::hart_unknown:
            case Rule::hart_taken:
            case Rule::hart_cannot_flush:
            case Rule::wrong_interrupt_file:
                return hart_text();
            case Rule::too_many_sources:
            case Rule::source_invalid:
            case Rule::source_is_uarts:
            case Rule::source_taken:
            case Rule::virtual_source_invalid:
            case Rule::reset_outside_device:
                return interrupt_text();
            case Rule::image_unknown:
            case Rule::load_outside_image:
            case Rule::load_outside_memory:
            case Rule::loads_overlap:
            case Rule::entry_outside_memory:
            case Rule::tree_outside_memory:
            case Rule::seed_outside_tree:
                return load_text();
            case Rule::limit_without_restart:
            case Rule::limit_invalid:
            case Rule::stop_timeout_invalid:
            case Rule::start_contradicts:
            case Rule::start_after_unknown:
            case Rule::start_in_a_ring:
                return policy_text();
            case Rule::service_left_out:
                return service_text();
            case Rule::virtual_uart_too_small:
                return fmt::format("its serial port of {} has no room for its registers",
                                   exact_size(guest().device(DeviceKind::uart16550).size));
            case Rule::virtual_device_too_high:
                return fmt::format("its emulated {} ends beyond {}, the end of guest addresses",
                                   virtual_device(finding_.item), hex(guest_address_end));
            case Rule::virtual_devices_meet:
                return fmt::format("its emulated {} and {} are not apart", virtual_device(finding_.other),
                                   virtual_device(finding_.item));
            case Rule::virtual_device_invalid:
                return fmt::format("its emulated {} is at address 0, or not in whole words of 32 bits",
                                   virtual_device(finding_.item));
            case Rule::virtual_device_twice:
                return fmt::format("it has two emulated devices of a kind: {}", virtual_device(finding_.item));
            case Rule::wrong_controller:
                return fmt::format("its {} is not what a guest of this board has", guest().controller_name());
            case Rule::contexts_outside_plic:
                return fmt::format("its plic of {} has no registers for all of its harts",
                                   exact_size(guest().controller().size));
            case Rule::window_guest_too_high:
            case Rule::window_beyond_mode:
            case Rule::windows_overlap:
            case Rule::virtual_device_overlaps:
            case Rule::device_executable:
            case Rule::channel_executable:
                position_ = window().at;
                return window_text();
            default:
                position_ = window().host_at;
                return window().name + host_text();
        }
    }

    std::string service_text() {
        const auto service = static_cast<Service>(finding_.item);
        const auto* policy = guest().node->child("policy");
        position_ = policy == nullptr || service == Service::verification ? guest().node->where("verify")
                    : service == Service::sse                             ? policy->where("stop-request")
                    : service == Service::terminal                        ? policy->where("start-by-operator")
                                                                          : policy->at;
        return fmt::format("needs the service '{}', which 'services' of the partitions node leaves out",
                           name_of(service));
    }

    std::string policy_text() {
        const auto& node = *guest().node->child("policy");
        const auto cause = property_of(static_cast<Cause>(finding_.item));
        switch (finding_.rule) {
            case Rule::limit_without_restart:
                position_ = node.where(cause + "-limit");
                return fmt::format("policy: {0}-limit is for {0} = \"restart\"", cause);
            case Rule::limit_invalid:
                position_ = node.where(cause + "-limit");
                return fmt::format("policy: {}-limit is 1 to {} restarts in 1 to {} seconds", cause,
                                   RestartLimit::max_restarts, RestartLimit::max_seconds);
            case Rule::stop_timeout_invalid:
                position_ = node.where("stop-timeout");
                return fmt::format("policy: stop-timeout is {} to {} seconds", Stop::min_seconds, Stop::max_seconds);
            case Rule::start_contradicts:
                position_ = node.where("start-by-operator");
                return "policy: start-by-operator goes with neither start-after nor start-delay-ms";
            default:
                position_ = node.where("start-after");
                return "policy: it starts after itself: " + ring_text();
        }
    }

    std::string ring_text() const {
        auto names = guest().name;
        const auto* at = &guest();
        do {
            at = &*std::ranges::find(model_.guests, at->start_after, &GuestModel::node);
            names += " after " + at->name;
        } while (at != &guest());
        return names;
    }

    std::string hart_text() {
        position_ = guest().node->where("cpus");
        if (finding_.rule == Rule::no_hart) {
            return "cpus names no hart";
        }
        if (finding_.rule == Rule::hart_taken) {
            const auto name = cpu(guest().harts[finding_.item]);
            return same_guest() ? fmt::format("{} is named twice", name)
                                : fmt::format("{} already belongs to '{}' ({})", name, other().name,
                                              reference(other().node->where("cpus"), position_));
        }
        if (finding_.rule == Rule::hart_cannot_flush) {
            position_ = guest().node->where(guest().noncoherent.empty() ? "cpus" : "devices");
            return fmt::format(
                "{} would read memory around the caches, where an earlier life may be left: {} does not declare "
                "'zicbom', by which that is flushed",
                guest().noncoherent.empty() ? "it" : list(guest().noncoherent), cpu(guest().harts[finding_.item]));
        }
        return fmt::format("hart {} has no interrupt file of its own", finding_.item);
    }

    /// Returns the message about interrupts of devices, and sets its position.
    std::string interrupt_text() {
        position_ = guest().node->where("devices");
        const auto source = [&] { return guest().sources[finding_.item]; };
        switch (finding_.rule) {
            case Rule::too_many_sources:
                return fmt::format("the {} would have {} sources; {} is the most", guest().controller_name(),
                                   guest().controller().parameter, max_source);
            case Rule::source_invalid:
                return fmt::format("{}: the {} has no interrupt {}", source().device, model_.board.controller->title(),
                                   source().source.number);
            case Rule::source_is_uarts:
                return fmt::format("{}: interrupt {} is the console's", source().device, source().source.number);
            case Rule::reset_outside_device:
                return fmt::format("the reset of a device would write to {}, where it has no register",
                                   hex(guest().resets[finding_.item].at.value));
            case Rule::virtual_source_invalid:
                return fmt::format("the emulated {} has no interrupt of its own ({})", virtual_device(finding_.item),
                                   guest().emulated[finding_.item].source);
            default:
                return fmt::format("{}: interrupt {} already belongs to {} of '{}'", source().device,
                                   source().source.number, other().sources[finding_.other].device, other().name);
        }
    }

    std::string load_text() {
        if (finding_.rule == Rule::entry_outside_memory) {
            position_ = guest().node->child("kernel")->where("entry");
            return fmt::format("kernel: the entry {} is not in executable memory", hex(guest().entry.value));
        }
        if (finding_.rule == Rule::tree_outside_memory) {
            return fmt::format("the device tree at {} is not in memory", hex(guest().tree.value));
        }
        if (finding_.rule == Rule::seed_outside_tree) {
            return fmt::format("the place of its random seed, {}, is not in its device tree",
                               hex(guest().seed.at.value));
        }
        const auto& load = guest().loads[finding_.item];
        position_ = load.at;
        const auto where = fmt::format("{}: {} at {}", load.name, exact_size(load.load.size), hex(load.load.to.value));
        if (finding_.rule == Rule::load_outside_memory) {
            return where + " is outside the guest's memory";
        }
        if (finding_.rule == Rule::loads_overlap) {
            const auto& other_name = guest().loads[finding_.other].name;
            return fmt::format("{} overlaps {}", where, other_name == load.name ? "another part of it" : other_name);
        }
        return where + " is outside its image";
    }

    /// Returns text for a window. Memory has its address in its name; for anything else it is the board's.
    std::string window_text() const {
        const auto& name = window().name;
        const auto what = window().window.kind == WindowKind::memory
                              ? name
                              : fmt::format("{} (at {} in the guest)", name, hex(window().window.at.value));
        switch (finding_.rule) {
            case Rule::window_guest_too_high:
                return fmt::format("{} ends beyond {}, the end of guest addresses", what, hex(guest_address_end));
            case Rule::window_beyond_mode: {
                const auto bits = model_.board.harts[finding_.other].mmu_bits;
                return fmt::format("{} ends beyond {}, the end of guest addresses of {}, which has Sv{} only", what,
                                   hex(std::uint64_t{4} << bits), cpu(finding_.other), bits);
            }
            case Rule::windows_overlap:
                return fmt::format("{} overlaps {} ({})", what, guest().windows[finding_.other].name,
                                   reference(guest().windows[finding_.other].at, window().at));
            case Rule::virtual_device_overlaps:
                return fmt::format("{} overlaps the guest's {}", what, virtual_device(finding_.other));
            case Rule::channel_executable:
                return what + " is a channel and executable";
            default:
                return what + " is a device and executable";
        }
    }

    std::string virtual_device(std::uint32_t item) const {
        const auto& device = guest().emulated[item];
        return fmt::format("{} at {}", row_of(device.kind).name, hex(device.base.value));
    }

    /// Returns the text after the window's name.
    std::string host_text() const {
        const auto host =
            fmt::format(": {} at host address {}", exact_size(window().window.size), hex(window().window.to.value));
        switch (finding_.rule) {
            case Rule::window_not_pages:
                return host + " is not on the border of a page";
            case Rule::window_host_too_high:
                return fmt::format("{} ends beyond {}, which the hypervisor does not reach", host,
                                   hex(host_address_end));
            case Rule::memory_outside_ram:
                return host + " is not in the board's memory";
            case Rule::host_is_kept:
                return host + std::string{kept_text()};
            case Rule::host_is_reserved:
                return host + " overlaps " + reserved_text();
            case Rule::host_is_hypervisor:
                return host + " overlaps the hypervisor";
            case Rule::dma_elsewhere:
                return fmt::format(
                    ": {} may reach memory by DMA, and nothing translates the addresses that it is given; {}",
                    list(guest().bus_masters),
                    window().channel == nullptr ? "memory of this guest needs 'identity;'"
                                                : "this guest can have no channel");
            case Rule::host_shared:
                return shared_text(host);
            case Rule::window_no_channel:
                return host + " is not all of one channel";
            default:
                return host + " is memory";
        }
    }

    std::string_view kept_text() const {
        const auto board = model_.board.constant();
        switch (KeptList{board}[finding_.other].kind) {
            case Kept::Kind::firmware:
                return " overlaps the firmware";
            case Kept::Kind::timer:
                return " is a timer that stays the firmware's";
            case Kept::Kind::iommu:
                return " is an IOMMU that stays Mullion's";
            case Kept::Kind::pci_host:
            case Kept::Kind::pci_bus:
                return " is configuration space of a PCI bridge that stays Mullion's";
            default:
                return " is a controller that stays Mullion's";
        }
    }

    /// Returns text like "logs (line 12), which nobody may have".
    std::string reserved_text() const {
        const auto& reserved = model_.board.reserved[finding_.other];
        const auto where = reserved.at.line == 0 ? "" : fmt::format(" ({})", reference(reserved.at, window().host_at));
        return fmt::format("{}{}, which is reserved: nobody may have it", reserved.name, where);
    }

    std::string shared_text(const std::string& host) const {
        const auto& theirs = other().windows[finding_.other];
        const auto where = reference(theirs.host_at, window().host_at);
        if (window().window.kind == WindowKind::device && theirs.name == window().name) {
            return fmt::format(" already belongs to '{}' ({})", other().name, where);
        }
        return fmt::format("{} overlaps {} of '{}' ({})", host, theirs.name, other().name, where);
    }

    const Model& model_;
    Diagnostics& diagnostics_;
    const Finding& finding_;
    Position position_;
};

}  // namespace

void judge(const Model& model, Diagnostics& diagnostics) {
    const DescriptionView view{model};
    check(view.description(), [&](const Finding& finding) {
        if (!follows(model, finding)) {
            FindingExplainer{model, diagnostics, finding}.tell();
        }
    });
}

}  // namespace mullion::partc
