// SPDX-License-Identifier: Apache-2.0
#include "run/console.hpp"

#include "arch/csr.hpp"
#include "arch/deadline.hpp"
#include "arch/hart.hpp"
#include "arch/iommu/iommu.hpp"
#include "arch/lock.hpp"
#include "arch/uart.hpp"
#include "core/tables.hpp"
#include "core/text.hpp"
#include "core/wait.hpp"
#include "run/alarm.hpp"
#include "run/machine_console.hpp"
#include "run/vm.hpp"
#include "vm/messages.hpp"

namespace mullion::run::console {
namespace {

/// Moves output on for a channel, and has `alarm` bring the hart back for the rest.
void move_on(std::size_t channel, Alarm alarm) {
    if (!lock.try_lock()) {
        return hasten_alarm(alarm, arch::now() + description.board.timebase_frequency / 2000);
    }
    const auto again = machine_console.move_on(channel);
    lock.unlock();
    set_alarm(alarm, again.value_or(Alarms::never));
}

/// How long a hart that is about to stop waits for the UART, in milliseconds.
constexpr std::uint64_t patience = 1000;

/// Waits until everything is out, or until then. Requires: the caller holds the lock.
[[gnu::cold]] void see_out(arch::Deadline late) {
    machine_console.pump();
    await_machine<Wait::flush>([] { return machine_console.is_idle() && arch::uart::is_idle(); }, late,
                               [] { machine_console.pump(); });
}

}  // namespace

constinit arch::FairLock lock;
constinit arch::FairLock printing;

void send_attention(const Vm& vm) {
    send(hart_for_guest(vm.harts), Message::attention);
}

void MachineConsolePort::room_again(std::size_t guest) {
    if (guest < vms.size()) {
        send_attention(vms[guest]);
    }
}

[[gnu::cold]] void greet(bool seeded) {
    {
        const arch::LockGuard guard(lock);
        const arch::LockGuard own_lines(printing);
        machine_console.greet();
        bool is_isolated = arch::iommu::driver_of_board != nullptr;
        for (const auto& guest : description.guests) {
            if (guest.unprotected_dma) {
                machine_console.print((Text{} << "not isolated against DMA by " << guest.name).view());
                is_isolated = false;
            }
        }
        if (is_isolated) {
            machine_console.print(ddt::has_contexts(description)
                                      ? "isolated against DMA: a device reaches no more than its guest does"
                                      : "isolated against DMA: no device is granted any");
        }
        if (!seeded) {
            machine_console.print(
                "guests get no random seed: neither the firmware's tree (rng-seed) nor the hart that booted (Zkr) has "
                "one");
        }
    }
    if (arch::this_hart().vcpu != nullptr) {
        return service();
    }
    const arch::LockGuard guard(lock);
    see_out({description.board, patience});  // a boot hart without a guest is about to stop
}

[[gnu::cold]] void finish(std::uint32_t guest) {
    machine_console.finish_line(guest);
    if (machine_console.focus() == guest) {
        machine_console.leave_zoom();
    }
}

[[gnu::cold]] bool try_print(std::string_view line) {
    const bool told = [line] {
        const arch::LockGuard guard(printing);
        return machine_console.tell(this_vm().index, line);
    }();
    service();
    return told;
}

[[gnu::cold]] void print(std::string_view line) {
    {
        const arch::LockGuard guard(printing);
        if (!machine_console.tell(this_vm().index, line)) {
            machine_console.leave_out(this_vm().index);
        }
    }
    service();
}

bool has_left_out(std::uint32_t guest) {
    return machine_console.has_left_out(guest);
}

[[gnu::cold]] void print_answer(std::string_view line) {
    {
        const arch::LockGuard guard(printing);
        machine_console.print(line);
    }
    service();
}

void service(const Vm& vm) {
    move_on(vm.index, Alarm::console);
}

void service() {
    move_on(vms.size(), Alarm::lines);
}

[[gnu::cold]] void flush() {
    const arch::LockGuard guard(lock);
    const arch::Deadline late{description.board, patience};
    machine_console.leave_zoom();
    see_out(late);  // what still comes is cut off at the edge, as before
    machine_console.leave_terminal();
    see_out(late);
}

}  // namespace mullion::run::console
