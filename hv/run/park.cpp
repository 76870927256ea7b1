// SPDX-License-Identifier: Apache-2.0
#include "run/park.hpp"

#include "arch/csr.hpp"
#include "arch/fences.hpp"
#include "arch/guest_hart.hpp"
#include "arch/hart.hpp"
#include "arch/irq/irq.hpp"
#include "arch/timer/timer.hpp"
#include "core/text.hpp"
#include "run/alarm.hpp"
#include "run/console.hpp"
#include "run/interrupts.hpp"
#include "run/life.hpp"
#include "run/linked_services.hpp"
#include "run/request_port.hpp"
#include "run/vm.hpp"
#include "vm/life/park.hpp"
#include "vm/messages.hpp"

namespace mullion::run {
namespace {

/// Lets arrive what granted devices have sent to the hart in an earlier life, or says that it may come in the next.
[[gnu::cold]] void drain_sources() {
    if (const auto wrong = arch::irq::drain(board_hart(this_vcpu()))) {
        console::print((Text{} << this_vm().guest.name << ": " << wrong->view()).view());
    }
}

/// It has no state: everything is the calling hart's.
struct HartMessagePort : HartRequestPort, HartTakePort, HartAlarmPort {
    void obey_order() { run::obey_order(); }
    void obey_order_parked() { run::obey_order_parked(); }
    bool interrupt_pending() { return arch::guest_hart::interrupt_pending(); }
    void sleep() { arch::timer::wait_with_guest_timer(arch::irq::wait_for_guest_interrupt); }
    void sleep_parked() { arch::wait_for_interrupt(); }
    void reset_hart() {
        if (!this_vm().guest.sources.empty()) {
            drain_sources();
        }
        for (const auto* room : state_rooms) {
            room->reset(this_vcpu());
        }
    }
};

static_assert(MessagePort<HartMessagePort>);

constinit HartMessagePort message_port;

[[noreturn]] void enter(const HartEntry& entry) {
    auto& self = this_vcpu();
    arch::guest_hart::reset(board_hart(self));
    refresh_external(this_vm());
    arch::fence_i();
    arch::guest_hart::start(entry.address.value, self.index, entry.opaque);
}

}  // namespace

extern "C" [[noreturn]] void park_entry() {
    enter(await_start(this_vcpu(), this_vm(), message_port));
}

void suspend_system() {
    suspend_guest(this_vcpu(), this_vm().life, message_port);
}

void wait_for_guest_interrupt() {
    sleep_suspended(this_vcpu(), message_port);
}

[[gnu::hot]] void serve(Wanted wanted) {
    mullion::serve(this_vcpu(), this_vm().life, wanted, message_port);
}

}  // namespace mullion::run
