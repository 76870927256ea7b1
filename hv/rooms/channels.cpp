// SPDX-License-Identifier: Apache-2.0
// Checks and clears the channels, as nothing of an earlier boot may be there when the first guest enters.
#include <algorithm>
#include <optional>
#include <span>

#include "arch/memory.hpp"
#include "boot/checks.hpp"
#include "core/description.hpp"
#include "core/tables.hpp"
#include "run/rooms.hpp"
#include "run/start.hpp"
#include "run/vm.hpp"

namespace mullion::rooms {
namespace {

/// Returns whether the window is a channel's and the guest is the first that may write to it: that one keeps the
/// channel.
bool keeps_channel(const Guest& guest, const Window& window) {
    const auto writes = [&](const Window& w) {
        return w.kind == WindowKind::channel && w.rights == Rights::rw && w.to == window.to;
    };
    const auto first = std::ranges::find_if(description.guests,
                                            [&](const Guest& g) { return std::ranges::any_of(g.windows, writes); });
    return window.kind == WindowKind::channel && &*first == &guest;
}

/// Clears the channel once it is checked: hart 0 of the guest all of it; the others, before or after it, the pages that
/// find_hole() has stored to.
std::optional<arch::MemoryFault> clear(const Hart& hart, const Window& window) {
    const auto blocks = run::flushed_blocks(hart);
    if (run::this_vcpu().index == 0) {
        return arch::clear_memory(window.host(), blocks);
    }
    const auto fault = arch::clear_memory({window.to, page_size}, blocks);
    return fault ? fault : arch::clear_memory({window.host().end() - page_size, page_size}, blocks);
}

}  // namespace

[[gnu::cold]] void prepare_channels(const Hart& hart, run::Vm& vm) {
    for (const auto& window : vm.guest.windows) {
        if (vm.hole || !keeps_channel(vm.guest, window)) {
            continue;
        }
        vm.hole = boot::find_hole(hart, std::span{&window, 1}, WindowKind::channel);
        if (vm.hole) {
            continue;
        }
        if (const auto fault = clear(hart, window)) {
            vm.hole = fault->at;
        }
    }
}

}  // namespace mullion::rooms
