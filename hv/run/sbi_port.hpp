// SPDX-License-Identifier: Apache-2.0
// The SBI proxy's port (vm/sbi/port.hpp) on this machine. It has no state: everything is the calling hart's.
#pragma once

#include <expected>

#include "arch/csr.hpp"
#include "arch/guest_hart.hpp"
#include "arch/memory.hpp"
#include "arch/out_of_line.hpp"
#include "arch/timer/timer.hpp"
#include "core/tables.hpp"
#include "run/alarm.hpp"
#include "run/guest_console.hpp"
#include "run/life.hpp"
#include "run/linked_services.hpp"
#include "run/machine_ids.hpp"
#include "run/park.hpp"
#include "run/request_port.hpp"
#include "run/vm.hpp"
#include "vm/sbi/extension.hpp"
#include "vm/sbi/port.hpp"

namespace mullion::run {

// Extensions that every image has, beside those that are answered first.
extern const SbiRoom base;
extern const SbiRoom hsm;
extern const SbiRoom srst;
extern const SbiRoom dbcn;

/// The length of an ECALL in bytes. While a call is answered, sepc is behind the ECALL already (arch/trap.h).
inline constexpr std::uint64_t ecall_length = 4;

struct HartPort : HartRequestPort {
    void set_timer(std::uint64_t time) { arch::timer::set_guest_inline(time); }

    void raise_software_interrupt(VCpu& target) {
        if (&target == &this_vcpu()) {
            arch::set_bits<arch::Csr::hvip>(csr::interrupt::vss);
        } else {
            send(target, Message::software);
        }
    }

    bool clear_software_interrupt() { return arch::guest_hart::take_back_software_interrupt(); }

    void suspend_retentive() { wait_for_guest_interrupt(); }
    void suspend_system() { run::suspend_system(); }
    void resume_at(Gpa at, std::uint64_t hart, std::uint64_t opaque) {
        arch::guest_hart::resume(board_hart(this_vcpu()), at.value, hart, opaque);
    }
    void end_guest(Ending ending) { run::end_guest(ending); }
    std::size_t console_write(std::span<const std::uint8_t> bytes) { return guest_console::write(this_vm(), bytes); }
    std::size_t console_read(std::span<std::uint8_t> bytes) { return guest_console::read(this_vm(), bytes); }
    std::span<std::uint8_t> guest_memory(Hpa at, std::uint64_t size) { return arch::host_memory({at, size}); }
    std::expected<std::uint64_t, GuestFault> load_guest(Gva at);
    void raise_at_call(const GuestFault& fault);
    void repeat_call() { arch::write<arch::Csr::sepc>(guest_pc()); }
    std::uint64_t guest_pc() { return arch::read<arch::Csr::sepc>() - ecall_length; }
    MachineIds machine_ids() { return run::machine_ids; }
    std::uint64_t forget_compares(std::uint64_t number) { return arch::opaque(number); }
    std::span<const SbiRow<HartPort>* const> extensions() { return sbi_rooms; }
};

static_assert(SbiTablePort<HartPort>);

/// An object to refer to that lies on nobody's stack, so that calls can be tail calls.
extern constinit HartPort hart_port;

}  // namespace mullion::run
