// SPDX-License-Identifier: Apache-2.0
#include "consequences.hpp"

#include <algorithm>
#include <cstdint>

#include "core/check_board.hpp"

namespace mullion::partc {
namespace {

/// Returns whether windows of two guests are the same function's, which both name.
bool is_of_one_function(const Model& model, const Finding& finding) {
    const auto& guest = model.guests[finding.guest];
    const auto& other = model.guests[finding.other_guest];
    const auto& name = guest.windows[finding.item].name;
    const auto is_named = [&](const FunctionModel& function) { return function.node->title() == name; };
    return std::ranges::any_of(guest.functions, is_named) && std::ranges::any_of(other.functions, is_named) &&
           other.windows[finding.other].name == name;
}

}  // namespace

bool follows(const Model& model, const Finding& finding) {
    const auto unplaced = [&](std::uint32_t guest, std::uint32_t item) {
        return !model.guests[guest].windows[item].placed;
    };
    const auto too_high = [&](std::uint32_t guest, std::uint32_t item) {
        return !HostRange{{0}, host_address_end}.contains(model.guests[guest].windows[item].window.to,
                                                          model.guests[guest].windows[item].window.size);
    };
    const auto in_ram = [&](const HostRange& range) {
        return std::ranges::any_of(model.board.ram,
                                   [&](const auto& bank) { return bank.contains(range.base, range.size); });
    };
    const auto kind = [&](std::uint32_t guest, std::uint32_t item) {
        return model.guests[guest].windows[item].window.kind;
    };
    switch (finding.rule) {
        case Rule::memory_outside_ram:
            return unplaced(finding.guest, finding.item) || too_high(finding.guest, finding.item);
        case Rule::host_is_kept:
        case Rule::host_is_reserved:
            return unplaced(finding.guest, finding.item) ||
                   (kind(finding.guest, finding.item) == WindowKind::memory &&
                    !in_ram(model.guests[finding.guest].windows[finding.item].window.host()));
        case Rule::host_is_hypervisor:
        case Rule::window_host_too_high:
            return unplaced(finding.guest, finding.item);
        case Rule::channels_meet:
            return model.channels[finding.item].memory.base == Hpa{};
        case Rule::host_shared:
            return unplaced(finding.guest, finding.item) || unplaced(finding.other_guest, finding.other) ||
                   kind(finding.guest, finding.item) == WindowKind::interrupt_file ||
                   is_of_one_function(model, finding);
        case Rule::source_taken:
            return model.guests[finding.guest].sources[finding.item].device ==
                   model.guests[finding.other_guest].sources[finding.other].device;
        default:
            return false;
    }
}

}  // namespace mullion::partc
