// SPDX-License-Identifier: Apache-2.0
// What the beginnings and ends of guests' lives need of the machine. run/orders.hpp and run/life_port.hpp implement it
// on target, tests/unit walks over one of its own.
#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>

#include "vm/alarms.hpp"
#include "vm/life/guest_life.hpp"
#include "vm/messages.hpp"

namespace mullion {

/// What it takes to give a guest an order, from outside or by time.
template <class Port>
concept OrderPort = SendPort<Port> && requires(Port& port, GuestLife& guest) {
    /// Returns the time, in ticks.
    { port.now() } -> std::same_as<std::uint64_t>;
    /// Does what the time has brought the guest's devices. Returns whether one of them, its watchdog, is to reset it.
    { port.watchdog_resets(guest) } -> std::same_as<bool>;
};

/// Everything acts on the calling hart. A guest that is named is the calling hart's; where one is reset, cleared or
/// filled, all its harts are STOPPED and the caller owns the state of its life.
template <class Port>
concept LifePort = StartPort<Port> && OrderPort<Port> && AlarmPort<Port> &&
    requires(Port& port, GuestLife& guest, std::string_view line, std::uint8_t key) {
    /// All of the machine, in the description's order: a range of GuestLife.
    port.guests();
    /// Ticks a second.
    { port.frequency() } -> std::same_as<std::uint64_t>;
    /// Prints a line about a guest, which may be left out where there are too many.
    { port.notice(line) } -> std::same_as<void>;
    /// Prints a line that answers the operator, which is not left out.
    { port.print_answer(line) } -> std::same_as<void>;
    /// Returns whether notices about the guest were left out since it was last told.
    { port.has_left_out(guest) } -> std::same_as<bool>;
    /// Prints what the guest's harts left it for, in this life.
    { port.print_exits(guest) } -> std::same_as<void>;
    /// Returns whether the guest is to end, as the IOMMU has refused its functions something in this life.
    { port.dma_ends(guest) } -> std::same_as<bool>;
    /// Returns a pointer to Policies<Port>; null where the image has none.
    port.policies();
    /// Resets the emulated devices, and the granted ones as far as a way is known. Returns whether what the IOMMU lets
    /// through is at rest; says what is not.
    { port.reset_devices(guest) } -> std::same_as<bool>;
    /// Returns whether the guest's images have the digests that the description was built with; says so if not.
    { port.images_are_as_built(guest) } -> std::same_as<bool>;
    /// Clears the guest's memory, then copies its images and plants a new seed. Returns whether all of the memory is
    /// there; says so if not.
    { port.renew_memory(guest) } -> std::same_as<bool>;
    /// Types a break at the guest's serial port, and a key.
    { port.type_break(guest, key) } -> std::same_as<void>;
    /// Returns whether the guest takes what is typed at its serial port.
    { port.listens_to_serial_port(guest) } -> std::same_as<bool>;
    /// Ends the machine, after what is still to be printed. Does not return on target.
    { port.power_off(bool{}) } -> std::same_as<void>;
};

}  // namespace mullion
