// SPDX-License-Identifier: Apache-2.0
#include "run/life.hpp"

#include <optional>

#include "arch/csr.hpp"
#include "arch/firmware.hpp"
#include "core/tables.hpp"
#include "core/text.hpp"
#include "run/alarm.hpp"
#include "run/console.hpp"
#include "run/crash.hpp"
#include "run/park.hpp"
#include "run/report.hpp"
#include "run/sbi_port.hpp"
#include "run/start.hpp"
#include "vm/lifecycle.hpp"

namespace mullion::run {
namespace {

/// How a life ends: by a cause, and the guest's policy decides what follows, or by the operator, who has decided.
struct End {
    std::string_view how;
    std::optional<Cause> cause;
    Action wanted = Action::stay_off;  ///< where there is no cause

    bool is_failure() const { return cause == Cause::crash || cause == Cause::watchdog; }
};

Action action_of(Order order) {
    return order == Order::restart ? Action::restart : Action::stay_off;
}

Action decide(Vm& vm, const End& end) {
    const auto asked = vm.asked.take();
    if (!end.cause || asked != Order::none) {
        vm.restarts.forget();
        return asked == Order::none ? end.wanted : action_of(asked);
    }
    const auto& policy = vm.guest.policy;
    const auto decision = vm.restarts.decide(policy, *end.cause, arch::now(), description.board.timebase_frequency);
    if (decision.limit_reached) {
        const auto& limit = policy.to(*end.cause).limit;
        console::answer((Text{} << vm.guest.name << " was restarted " << limit.restarts
                                << (limit.restarts == 1 ? " time in " : " times in ") << limit.seconds
                                << " s: it stays off")
                            .view());
    }
    return decision.action;
}

/// On the hart that ends the life: all harts of the guest are STOPPED.
[[gnu::cold]] void end_life(Vm& vm, const End& end) {
    reset_devices(vm);
    console::print((Text{} << vm.guest.name << ' ' << end.how).view());
    print_exits(vm);
    switch (decide(vm, end)) {
        case Action::restart:
            vm.life.settle(LifeState::starting);
            return begin_life(vm);
        case Action::stay_off:
            return come_to_rest(vm, end.is_failure() ? LifeState::crashed : LifeState::off);
        case Action::halt_machine:
            console::answer((Text{} << "the policy of " << vm.guest.name << " halts the machine").view());
            console::flush();
            arch::firmware::shutdown(end.is_failure());
    }
}

/// `report` speaks once the guest's other harts stand still.
[[noreturn]] void stop_and_end(const End& end, auto report) {
    auto& vm = this_vm();
    if (claim_end(this_vcpu(), vm.life, hart_port)) {
        stop_siblings(this_vcpu(), hart_port);
        report();
        end_life(vm, end);
    }
    park();
}

/// The guest may have kicked it after all, or have begun another life.
bool watchdog_bites(Vm& vm) {
    const arch::LockGuard guard(vm.device_lock);
    return vm.watchdog.resets(arch::now());
}

End end_of(Order order) {
    return {order == Order::restart ? "is restarted" : "is switched off", std::nullopt, action_of(order)};
}

/// Says what is due to a guest that was asked to end; or it ends.
[[gnu::cold]] std::optional<End> end_if_late(Vm& vm) {
    const auto now = arch::now();
    if (vm.asked.is_late(now)) {
        const auto wanted = vm.asked.take();
        console::print((Text{} << vm.guest.name << " did not end in time").view());
        return end_of(wanted);
    }
    if (const auto key = vm.asked.key(now)) {
        console::type_break(vm.index, *key);
    }
    set_alarm(Alarm::stop, vm.asked.due());
    return std::nullopt;
}

/// Whether asking makes sense. A suspended guest hears its serial port, if it wants to be woken by that.
bool listens(Vm& vm, LifeState state) {
    if (vm.guest.policy.stop.request == StopRequest::software_event) {
        return state == LifeState::running && sse::interrupt_guest(vm.harts.front(), hart_port);
    }
    const arch::LockGuard guard(vm.device_lock);
    return vm.uart.is_listened_to() && !hsm::all_stopped(vm.harts);
}

/// Nothing: it was asked to end by itself. The second order is not asked any more.
[[gnu::cold]] std::optional<End> end_or_ask(Vm& vm, Order order, LifeState state) {
    const auto& stop = vm.guest.policy.stop;
    if (stop.request == StopRequest::none || vm.asked.take() != Order::none) {
        return end_of(order);
    }
    if (!listens(vm, state)) {
        console::print((Text{} << vm.guest.name << " cannot be asked to end: it does not listen").view());
        return end_of(order);
    }
    console::print((Text{} << vm.guest.name << " is asked to end, and has " << stop.seconds << " s").view());
    vm.asked.begin(order, stop, arch::now(), description.board.timebase_frequency);
    return end_if_late(vm);
}

/// What an order means for a guest that runs or is suspended; nothing when it comes too late.
std::optional<End> end_by(Vm& vm, Order order, LifeState state) {
    switch (order) {
        case Order::restart:
        case Order::off:
            return end_or_ask(vm, order, state);
        case Order::due:
            return watchdog_bites(vm) ? std::optional{End{"did not kick its watchdog in time", Cause::watchdog}}
                                      : end_if_late(vm);
        default:
            return std::nullopt;
    }
}

/// On the hart that took over a running guest for the sake of an order. False: there is nothing to do after all.
bool end_by_order(Vm& vm, LifeState state) {
    const auto end = end_by(vm, vm.life.take_order(), state);
    if (end) {
        stop_siblings(this_vcpu(), hart_port);
        end_life(vm, *end);
    }
    return end.has_value();
}

void tell_all_harts(const Vm& vm) {
    for (const auto& vcpu : vm.harts) {
        call_attention(vcpu);
    }
}

/// Nothing runs, and nobody owns the guest: the first who claims it does.
[[gnu::cold]] void obey_order_at_rest(Vm& vm, LifeState state) {
    if (!vm.life.claim(state, LifeState::starting)) {
        return;
    }
    const bool waits = state == LifeState::waiting;
    const auto order = vm.life.take_order();
    if (order == Order::restart || (order == Order::turn && waits)) {
        vm.restarts.forget();
        begin_life(vm);
    } else if (order == Order::off && waits) {
        console::print((Text{} << vm.guest.name << " is switched off before it started").view());
        come_to_rest(vm, LifeState::off);
    } else {
        vm.life.settle(state);
        tell_all_harts(vm);           // who waits for the start's time may have found it gone
        power_off_if_all_are_over();  // and who was over last, too
    }
}

/// Whatever the guest's harts do, with interrupts off or not: the hypervisor's timer comes to them.
Bite look_at_watchdog(Vm& vm) {
    const arch::LockGuard guard(vm.device_lock);
    const auto bite = vm.watchdog.look(arch::now());
    if (bite == Bite::interrupt) {
        vm.controller.set_line(vm.guest.watchdog.source, vm.watchdog.interrupt());
        set_alarm(Alarm::life, vm.watchdog.deadline());
    }
    return bite;
}

}  // namespace

void end_guest(Ending ending) {
    const bool failed = ending.reason == SrstReason::system_failure;
    const auto nothing = [] {};
    if (ending.type == SrstType::shutdown) {
        stop_and_end({failed ? "powers off after a failure of its own" : "powers off", Cause::shutdown}, nothing);
    }
    stop_and_end({failed ? "reboots after a failure of its own" : "reboots", Cause::reboot}, nothing);
}

void end_crashed_guest(const arch::HartContext& context, std::string_view why) {
    const auto record = crash_record(context);
    stop_and_end({"is stopped", Cause::crash}, [&] { report_crash(*context.vm, record, why); });
}

[[gnu::cold]] void obey_order(Vm& vm) {
    const auto from = claim_end(this_vcpu(), vm.life, hart_port);
    if (from && !end_by_order(vm, *from)) {
        return vm.life.settle(*from);
    }
    park();
}

void obey_order_parked(Vm& vm) {
    const auto state = vm.life.state();
    if (vm.life.is_over() || state == LifeState::waiting) {
        return obey_order_at_rest(vm, state);
    }
    // The guest may have stopped all its harts itself; then no STARTED one will look. Before the claim another hart may
    // have begun a new life, so they are looked at once more.
    if (!hsm::all_stopped(vm.harts) || !vm.life.claim(LifeState::running, LifeState::stopping)) {
        return;
    }
    if (!hsm::all_stopped(vm.harts) || !end_by_order(vm, LifeState::running)) {
        vm.life.settle(LifeState::running);
    }
}

void order(Vm& vm, Order what) {
    vm.life.give(what);
    tell_all_harts(vm);
}

void look_at_the_time(Vm& vm) {
    if (vm.life.state() == LifeState::waiting) {
        if (arch::now() < vm.start_at.load()) {
            return;
        }
        vm.life.offer(Order::turn);
    } else if (look_at_watchdog(vm) == Bite::reset) {
        vm.life.offer(Order::due);
    } else {
        return;
    }
    tell_all_harts(vm);
}

void go_on_asking(Vm& vm) {
    vm.life.offer(Order::due);
    tell_all_harts(vm);
}

}  // namespace mullion::run
