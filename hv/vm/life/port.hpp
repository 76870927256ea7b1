// SPDX-License-Identifier: Apache-2.0
// What the beginnings and ends of guests' lives need of the machine. run/life.cpp implements it on target, tests/unit
// walks over one of its own.
#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>

#include "vm/alarms.hpp"
#include "vm/life/guest_life.hpp"
#include "vm/messages.hpp"
#include "vm/watchdog.hpp"

namespace mullion {

/// Everything acts on the calling hart. A guest that is named is the calling hart's; where one is reset, cleared or
/// filled, all its harts are STOPPED and the caller owns the state of its life.
///
/// guests                 all of the machine, in the description's order: a range of GuestLife
/// now                    the time, in ticks
/// frequency              ticks a second
/// notice                 prints a line about a guest, which may be left out where there are too many
/// answer                 prints a line that answers the operator, which is not left out
/// has_left_out           whether notices about the guest were left out since it was last told
/// print_exits            prints what the guest's harts left it for, in this life
/// reset_devices          resets the emulated devices, and the granted ones as far as a way is known
/// images_are_as_built    whether the guest's images have the digests that the description was built with; says so if
/// not renew_memory           clears the guest's memory, then copies its images and plants a new seed type_break a
/// break at the guest's serial port, and a key listens_to_serial_port whether the guest takes what is typed there
/// watchdog_resets        whether the guest's watchdog has expired and is to reset it
/// look_at_watchdog       what the time has brought; an interrupt is raised, and the next alarm set
/// power_off              ends the machine, after what is still to be printed. Does not return on target
template <class Port>
concept LifePort = MessagePort<Port> &&
    requires(Port& port, GuestLife& guest, std::string_view line, std::uint8_t key) {
    port.guests();
    { port.now() } -> std::same_as<std::uint64_t>;
    { port.frequency() } -> std::same_as<std::uint64_t>;
    { port.notice(line) } -> std::same_as<void>;
    { port.answer(line) } -> std::same_as<void>;
    { port.has_left_out(guest) } -> std::same_as<bool>;
    { port.print_exits(guest) } -> std::same_as<void>;
    { port.reset_devices(guest) } -> std::same_as<void>;
    { port.images_are_as_built(guest) } -> std::same_as<bool>;
    { port.renew_memory(guest) } -> std::same_as<void>;
    { port.type_break(guest, key) } -> std::same_as<void>;
    { port.listens_to_serial_port(guest) } -> std::same_as<bool>;
    { port.watchdog_resets(guest) } -> std::same_as<bool>;
    { port.look_at_watchdog(guest) } -> std::same_as<Bite>;
    { port.power_off(bool{}) } -> std::same_as<void>;
};

}  // namespace mullion
