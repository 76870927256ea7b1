// SPDX-License-Identifier: Apache-2.0
#include "run/life.hpp"

#include "arch/csr.hpp"
#include "arch/firmware.hpp"
#include "core/cause.hpp"
#include "core/tables.hpp"
#include "core/text.hpp"
#include "run/alarm.hpp"
#include "run/console.hpp"
#include "run/keys.hpp"
#include "run/orders.hpp"
#include "run/report.hpp"
#include "run/services.hpp"
#include "run/start.hpp"
#include "vm/life/begin.hpp"
#include "vm/life/end.hpp"
#include "vm/life/orders.hpp"

namespace mullion::run {
namespace {

/// It has no state: everything is the calling hart's.
struct HartLifePort : HartOrderPort {
    std::span<Vm> guests() { return vms; }
    std::uint64_t frequency() { return description.board.timebase_frequency; }
    void set_alarm(Alarm alarm, std::uint64_t time) { run::set_alarm(alarm, time); }
    void notice(std::string_view line) { console::print(line); }
    void answer(std::string_view line) { console::answer(line); }
    bool has_left_out(const GuestLife& guest) { return console::has_left_out(guest.index); }
    void print_exits(GuestLife& guest) { run::print_exits(vm_of(guest), console::print); }
    void reset_devices(GuestLife& guest) { run::reset_devices(vm_of(guest)); }
    bool images_are_as_built(GuestLife& guest) { return verify_images(vm_of(guest)); }
    bool renew_memory(GuestLife& guest) { return run::renew_memory(vm_of(guest)); }
    void type_break(const GuestLife& guest, std::uint8_t key) { keys::type_break(guest.index, key); }

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

constinit HartLifePort life_port;

/// All that an image without reports says, on the hart that crashed.
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
