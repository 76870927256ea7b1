// SPDX-License-Identifier: Apache-2.0
#include "arch/boot.hpp"

#include <algorithm>
#include <utility>

#include "arch/memory.hpp"
#include "core/firmware_tree.hpp"
#include "core/layout_of.hpp"
#include "core/tables.hpp"

namespace mullion::arch {
namespace {

std::optional<Digest> firmware_seed;
std::optional<ReservedInUse> in_use;

/// Remembers the first reserved range that the description gives to somebody.
void look_at_reserved(HostRange range) {
    const auto has = [&](const Guest& guest) {
        return std::ranges::any_of(guest.windows, [&](const Window& w) { return w.host().overlaps(range); });
    };
    const auto guest = std::ranges::find_if(description.guests, has);
    const bool is_guests = guest != description.guests.end();
    if (!in_use && (is_guests || range.overlaps(layout.all()))) {
        in_use = {range, is_guests ? &*guest : nullptr};
    }
}

/// Returns whether the range is RAM of the board file in which Mullion does not lie.
bool may_hold_tree(HostRange range) {
    return !range.overlaps(layout.all()) && std::ranges::any_of(description.board.ram, [&](const HostRange& ram) {
        return ram.contains(range.base, range.size);
    });
}

}  // namespace

extern "C" {
void secondary_entry();

/// Reads the firmware's tree, on the boot hart and without translation. A trap ends it: boot.S goes on without a tree.
void read_firmware_tree(std::uint64_t address) {
    HostRange range{{address}, firmware_tree::header_bytes};
    if (may_hold_tree(range)) {
        range.size = firmware_tree::size_of(host_memory(range));
        if (may_hold_tree(range)) {
            firmware_tree::find_reserved(host_memory(range), [&](HostRange reserved) {
                if (!firmware_tree::is_trees_own(reserved, range.base)) {
                    look_at_reserved(reserved);
                }
            });
            firmware_seed = firmware_tree::take_seed(host_memory(range));
        }
    }
}
}

std::optional<Digest> take_firmware_seed() {
    const auto seed = firmware_seed;
    firmware_seed = Digest{};
    firmware_seed.reset();
    return seed;
}

std::optional<ReservedInUse> reserved_in_use() {
    return in_use;
}

Hpa secondary_entry_address() {
    return {reinterpret_cast<std::uint64_t>(&secondary_entry)};
}

}  // namespace mullion::arch
