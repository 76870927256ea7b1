// SPDX-License-Identifier: Apache-2.0
#include "emulated_places.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <vector>

#include "core/plic_registers.hpp"
#include "emulated.hpp"
#include "free_pages.hpp"

namespace mullion::partc {
namespace {

/// Returns the first whole pages from `at` on where the guest has nothing.
Gpa free_range(const GuestModel& guest, std::uint64_t at, std::uint64_t size) {
    std::vector<GuestRange> taken;
    std::ranges::transform(guest.emulated, std::back_inserter(taken), &VirtualDevice::range);
    std::ranges::transform(guest.windows, std::back_inserter(taken),
                           [](const WindowModel& w) { return w.window.guest(); });
    return free_pages({at}, size, taken);
}

/// Returns the guest's interrupt controller. On a board with an APLIC and no IMSIC it is a PLIC, which has more
/// registers; so it is at the first free addresses from the APLIC's on.
VirtualDevice controller(const Board& board, const GuestModel& guest) {
    const auto size = plic::size_for_harts(guest.harts.size());
    switch (board.controller()) {
        case InterruptController::imsic:
            return {DeviceKind::aplic, {board.aplic.base.value}, board.aplic.size};
        case InterruptController::plic:
            return {DeviceKind::plic, {board.plic.base.value}, std::max(board.plic.size, size)};
        case InterruptController::aplic:
            return {DeviceKind::plic, free_range(guest, board.aplic.base.value, size), size};
    }
    return {};
}

}  // namespace

/// Places the guest's interrupt controller where the board's is, its UART where the guest wants it, and other devices
/// after them; a PCI host bridge is where the board's is. The UART's source is that of the board's console, which no
/// granted device has.
void add_emulated_devices(const BoardModel& board, GuestModel& guest) {
    auto& uart = guest.serial;
    uart.source = board.board.console.source;
    auto& devices = guest.emulated;
    devices = {uart};
    const auto of_board = controller(board.board, guest);
    devices.insert(devices.begin(), of_board);  // first, as it is the busiest
    // Only as many sources as are used, as the guest's driver writes a register for each at its start.
    auto highest = uart.source;
    for (const auto& source : guest.sources) {
        highest = std::max(highest, source.source.number);
    }
    for (const auto& row : emulated_kinds) {
        if (row.is_asked_for() && guest.node->find(row.property()) != nullptr) {
            devices.push_back(
                {row.kind, free_range(guest, uart.base.value + uart.size, row.size), row.size, ++highest});
        }
    }
    devices.front().parameter = highest;
    if (!guest.functions.empty()) {
        devices.push_back({DeviceKind::pci_host, {board.board.pci.base.value}, PciHost::bus_bytes});
    }
}

}  // namespace mullion::partc
