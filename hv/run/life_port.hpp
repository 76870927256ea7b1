// SPDX-License-Identifier: Apache-2.0
// What the beginnings and ends of guests' lives need (vm/life/port.hpp), on this machine.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "arch/firmware.hpp"
#include "arch/lock.hpp"
#include "core/tables.hpp"
#include "run/alarm.hpp"
#include "run/console.hpp"
#include "run/input.hpp"
#include "run/linked_services.hpp"
#include "run/orders.hpp"
#include "run/report.hpp"
#include "run/start.hpp"
#include "vm/life/port.hpp"

namespace mullion::run {

/// It has no state: everything is the calling hart's.
struct HartLifePort : HartOrderPort, HartAlarmPort {
    std::span<Vm> guests() { return vms; }
    std::uint64_t frequency() { return description.board.timebase_frequency; }
    const Policies<HartLifePort>* policies() { return run::policies; }
    void notice(std::string_view line) { console::print(line); }
    void print_answer(std::string_view line) { console::print_answer(line); }
    bool has_left_out(const GuestLife& guest) { return console::has_left_out(guest.index); }
    void print_exits(GuestLife& guest) { run::print_exits(vm_of(guest), console::print); }
    bool reset_devices(GuestLife& guest) { return run::reset_devices(vm_of(guest)); }
    bool images_are_as_built(GuestLife& guest) { return verify_images(vm_of(guest)); }
    bool renew_memory(GuestLife& guest) { return run::renew_memory(vm_of(guest)); }
    bool dma_ends(const GuestLife& guest) { return pci_functions != nullptr && pci_functions->end(guest.guest); }
    void type_break(const GuestLife& guest, std::uint8_t key) { input::type_break(guest.index, key); }

    bool listens_to_serial_port(GuestLife& guest) {
        const arch::LockGuard guard(vm_of(guest).devices.lock());
        return vm_of(guest).uart.is_listened_to();
    }

    void power_off(bool failure) {
        console::flush();
        arch::firmware::shutdown(failure);
    }
};

static_assert(LifePort<HartLifePort>);

}  // namespace mullion::run
