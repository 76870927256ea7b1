// SPDX-License-Identifier: Apache-2.0
// The port of vm/messages.hpp on this machine. It has no state: everything is the calling hart's.
#pragma once

#include "arch/csr.hpp"
#include "arch/guest_hart.hpp"
#include "run/alarm.hpp"
#include "run/guest_console.hpp"
#include "run/interrupts.hpp"
#include "run/life.hpp"
#include "run/rooms.hpp"
#include "run/sbi_port.hpp"
#include "run/vm.hpp"
#include "vm/messages.hpp"
#include "vm/sbi/extension.hpp"

namespace mullion::run {

struct HartMessagePort : HartPort {
    Wanted take_interrupts() { return run::take_interrupts(); }
    void drop_interrupts() { arch::guest_hart::drop_pending_interrupts(); }
    void look_after_devices() {
        guest_console::refresh(this_vm());
        refresh_external(this_vm());
    }
    void obey_order() { run::obey_order(); }
    void obey_order_parked() { run::obey_order_parked(); }
    void call_attention(const VCpu& target) { run::call_attention(target); }
    bool interrupt_pending() { return arch::guest_hart::interrupt_pending(); }
    void sleep() { arch::guest_hart::wait_for_interrupt(); }
    void sleep_parked() { arch::wait_for_interrupt(); }
    void reset_extensions() {
        for (const auto* room : state_rooms) {
            room->reset(this_vcpu(), hart_port);
        }
    }
    void set_alarm(Alarm alarm, std::uint64_t time) { run::set_alarm(alarm, time); }
};

static_assert(MessagePort<HartMessagePort>);

/// As hart_port.
extern constinit HartMessagePort message_port;

}  // namespace mullion::run
