// SPDX-License-Identifier: Apache-2.0
// Interrupts that bring a guest's hart here.
#include "arch/csr.hpp"
#include "arch/hart.hpp"
#include "core/message.hpp"
#include "run/interrupts.hpp"
#include "run/park.hpp"
#include "vm/vcpu.hpp"

namespace mullion::run {
namespace {

Exit exit_of(std::uint64_t interrupt) {
    switch (interrupt) {
        case csr::cause::supervisor_timer:
            return Exit::timer_interrupt;
        case csr::cause::supervisor_software:
            return Exit::software_interrupt;
        case csr::cause::counter_overflow:
            return Exit::counter_overflow;
        default:
            return Exit::external_interrupt;
    }
}

}  // namespace

extern "C" [[gnu::hot]] void interrupt_entry(arch::HartContext& context) {
    const auto cause = arch::read<arch::Csr::scause>();
    context.vcpu->log.add({cause, arch::read<arch::Csr::sepc>()});
    context.vcpu->count(exit_of(cause));
    if (const auto wanted = take_interrupts(); wanted != Wanted::nothing) {
        serve(wanted);
    }
}

}  // namespace mullion::run
