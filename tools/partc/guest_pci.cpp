// SPDX-License-Identifier: Apache-2.0
#include "guest_pci.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "core/kept.hpp"
#include "device_kinds.hpp"

namespace mullion::partc {
namespace {

constexpr std::uint64_t end_of_32_bits = std::uint64_t{1} << 32;

/// Returns the pages from the first BAR in `window` to the last, nothing if there is none.
std::optional<HostRange> used_part(const HostRange& window, const GuestModel& guest) {
    std::optional<HostRange> part;
    for (const auto& [function, node] : guest.functions) {
        for (const auto& bar : function.bars) {
            if (bar.exists() && window.contains(bar.base)) {
                const auto pages = pages_of({bar.base, bar.size});
                const auto base = part ? std::min(part->base, pages.base) : pages.base;
                const auto end = part ? std::max(part->end(), pages.end()) : pages.end();
                part = {base, end - base};
            }
        }
    }
    return part;
}

std::uint32_t low(std::uint64_t value) {
    return static_cast<std::uint32_t>(value);
}

std::uint32_t high(std::uint64_t value) {
    return static_cast<std::uint32_t>(value >> 32);
}

/// Returns `ranges`: an entry for each of the board's windows that the guest has BARs in. None is prefetchable, as BARs
/// of both kinds may be in one that is not, and Linux wants one (drivers/pci/of.c).
std::vector<std::uint32_t> ranges_of(const BoardModel& board, const GuestModel& guest) {
    constexpr std::uint32_t memory_32 = 0x200'0000;  // phys.hi
    constexpr std::uint32_t memory_64 = 0x300'0000;
    std::vector<std::uint32_t> cells;
    for (const auto& window : board.pci_windows) {
        if (const auto part = used_part(window, guest)) {
            const auto kind = part->end().value <= end_of_32_bits ? memory_32 : memory_64;
            const auto at = part->base.value;
            cells.insert(cells.end(), {kind, high(at), low(at), high(at), low(at), high(part->size), low(part->size)});
        }
    }
    return cells;
}

}  // namespace

/// Without probe-only in /chosen (GuestTree) Linux would assign the BARs anew. INTx has no wire, so that there is
/// neither an interrupt-map nor its #interrupt-cells.
void write_pci_host(TreeWriter& to, const BoardModel& board, const GuestModel& guest, std::uint32_t imsic) {
    const auto& host = guest.device(DeviceKind::pci_host);
    to.begin(fmt::format("pci@{:x}", host.base.value));
    to.string("compatible", "pci-host-ecam-generic");
    to.string("device_type", "pci");
    to.cells("#address-cells", {3});
    to.cells("#size-cells", {2});
    to.ranges("reg", {host.range()});
    to.cells("bus-range", {0, 0});
    to.cells("ranges", ranges_of(board, guest));
    to.cells("msi-parent", {imsic});
    if (const auto* coherence = coherence_of(*board.pci)) {
        to.empty(coherence->name);
    }
    to.end();
}

}  // namespace mullion::partc
