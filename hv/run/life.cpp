// SPDX-License-Identifier: Apache-2.0
#include "run/life.hpp"

#include "arch/csr.hpp"
#include "core/cause.hpp"
#include "core/text.hpp"
#include "run/console.hpp"
#include "run/life_port.hpp"
#include "run/linked_services.hpp"
#include "vm/life/begin.hpp"
#include "vm/life/end.hpp"
#include "vm/life/orders.hpp"

namespace mullion::run {
namespace {

constinit HartLifePort life_port;

/// Returns the one line by which an image without reports tells of a crash. On the hart that crashed.
Text crash_line(std::string_view why) {
    Text line;
    line << this_vm().guest.name << " hart " << this_vcpu().index << " did something fatal: " << why << " ("
         << csr::cause_name(arch::read<arch::Csr::scause>());
    (line << " at pc ").hex(arch::read<arch::Csr::sepc>());
    return line << ')';
}

}  // namespace

void schedule_starts() {
    mullion::schedule_starts(life_port);
}

void end_guest(Ending ending) {
    mullion::end_guest(this_vcpu(), this_vm(), ending, life_port);
}

void end_crashed_guest(const arch::HartContext& context, std::string_view why) {
    constexpr End end{"is stopped", Cause::crash};
    if (crash_reports == nullptr) {
        const auto line = crash_line(why);
        stop_and_end(this_vcpu(), this_vm(), end, life_port, [&] { console::print(line.view()); });
    }
    const auto record = crash_reports->record(context);
    stop_and_end(this_vcpu(), this_vm(), end, life_port, [&] { crash_reports->print(*context.vm, record, why); });
}

[[gnu::cold]] void obey_order() {
    mullion::obey_order(this_vcpu(), this_vm(), life_port);
}

void obey_order_parked() {
    mullion::obey_order_parked(this_vcpu(), this_vm(), life_port);
}

}  // namespace mullion::run
