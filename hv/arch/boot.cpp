// SPDX-License-Identifier: Apache-2.0
#include "arch/boot.hpp"

#include <algorithm>
#include <utility>

#include "arch/memory.hpp"
#include "core/firmware_tree.hpp"
#include "core/layout.hpp"
#include "core/tables.hpp"

namespace mullion::arch {
namespace {

std::optional<Digest> firmware_seed;

/// RAM of the board file that Mullion does not lie in.
bool may_hold_tree(HostRange range) {
    const HostRange own{description.board.load_address, layout.end() - description.board.load_address};
    return !range.overlaps(own) && std::ranges::any_of(description.board.ram, [&](const HostRange& ram) {
        return ram.contains(range.base, range.size);
    });
}

}  // namespace

extern "C" {
void secondary_entry();

/// Without translation, on the boot hart: boot.S says what becomes of a trap.
void read_firmware_tree(std::uint64_t address) {
    HostRange range{{address}, firmware_tree::header_bytes};
    if (may_hold_tree(range)) {
        range.size = firmware_tree::size_of(host_memory(range));
        if (may_hold_tree(range)) {
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

Hpa secondary_entry_address() {
    return {reinterpret_cast<std::uint64_t>(&secondary_entry)};
}

}  // namespace mullion::arch
