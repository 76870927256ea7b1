// SPDX-License-Identifier: Apache-2.0
#include "run/life.hpp"

#include <algorithm>

#include "arch/firmware.hpp"
#include "arch/memory.hpp"
#include "core/layout.hpp"
#include "core/tables.hpp"
#include "core/text.hpp"
#include "run/console.hpp"
#include "run/park.hpp"
#include "run/report.hpp"
#include "run/sbi_port.hpp"
#include "vm/guest_memory.hpp"
#include "vm/lifecycle.hpp"

namespace mullion::run {
namespace {

enum class Next { off, restart, crashed };

void clear_guest_memory(const Vm& vm) {
    for (const auto& window : vm.guest.windows) {
        if (window.kind == WindowKind::memory) {
            arch::clear_memory(window.host(), physical(this_vcpu()).cboz_block);
        }
    }
}

/// check() has seen that every load lies inside one memory window and inside its image.
void copy_images(const Vm& vm) {
    for (const auto& load : vm.guest.loads) {
        if (const auto to = find(vm.guest, load.to, load.size, Rights::r)) {
            arch::copy_memory(*to, image_address(description, layout, load.image) + load.offset, load.size);
        }
    }
}

void reset_devices(Vm& vm) {
    const arch::LockGuard guard(vm.device_lock);
    vm.uart.reset();
    vm.input.clear();
    vm.aplic.reset();
    vm.aplic.set_line(vm.guest.uart.source, vm.uart.interrupt());
    console::finish(vm.index);
}

/// First start and restart. On a hart of the guest, all of whose harts are STOPPED.
void begin_life(Vm& vm) {
    vm.life.settle(LifeState::starting);
    console::print((Text{} << vm.guest.name << " starts").view());
    reset_devices(vm);
    clear_guest_memory(vm);
    copy_images(vm);
    for (auto& vcpu : vm.harts) {
        vcpu.exits.fill(0);
    }
    vm.life.settle(LifeState::running);
    start_guest(vm.harts, hart_port);
}

void power_off_if_all_are_over() {
    if (!std::ranges::all_of(vms, [](const Vm& vm) { return vm.life.is_over(); })) {
        return;
    }
    const bool failure = std::ranges::any_of(vms, [](const Vm& vm) { return vm.life.state() == LifeState::crashed; });
    console::print("all guests are off: the machine powers off");
    console::flush();
    arch::firmware::shutdown(failure);
}

/// On the hart that stop_siblings chose: all harts of the guest are STOPPED.
void end_life(Vm& vm, Next next, std::string_view how) {
    vm.life.settle(LifeState::stopping);
    reset_devices(vm);
    console::print((Text{} << vm.guest.name << ' ' << how).view());
    print_exits(vm);
    if (next == Next::restart) {
        begin_life(vm);
    } else {
        vm.life.settle(next == Next::off ? LifeState::off : LifeState::crashed);
        power_off_if_all_are_over();
    }
}

[[noreturn]] void stop_and_end(Next next, std::string_view how) {
    if (stop_siblings(this_vcpu(), hart_port)) {
        end_life(this_vm(), next, how);
    }
    park();
}

Next next_of(Order order) {
    return order == Order::off ? Next::off : Next::restart;
}

std::string_view name_of(Order order) {
    return order == Order::off ? "is switched off" : "is restarted";
}

}  // namespace

void end_guest(Ending ending) {
    const bool failed = ending.reason == SrstReason::system_failure;
    if (ending.type == SrstType::shutdown) {
        stop_and_end(Next::off, failed ? "powers off after a failure of its own" : "powers off");
    }
    stop_and_end(Next::restart, failed ? "reboots after a failure of its own" : "reboots");
}

void end_crashed_guest() {
    stop_and_end(Next::crashed, "is stopped");
}

void obey_order(Vm& vm) {
    if (const auto order = vm.life.take_order(); order != Order::none) {
        stop_and_end(next_of(order), name_of(order));
    }
}

void obey_order_parked(Vm& vm) {
    if (vm.life.is_over()) {
        // Off again is off: there is nothing to do.
        if (vm.life.take_order() == Order::restart) {
            begin_life(vm);
        }
        return;
    }
    // The guest may have stopped all its harts itself; then no STARTED one will look.
    const bool all_parked =
        std::ranges::all_of(vm.harts, [](const VCpu& vcpu) { return hsm::state_of(vcpu) == HsmState::stopped; });
    if (vm.life.state() != LifeState::running || !all_parked) {
        return;
    }
    const auto order = vm.life.take_order();
    if (order != Order::none && stop_siblings(this_vcpu(), hart_port)) {
        end_life(vm, next_of(order), name_of(order));
    }
}

void order(Vm& vm, Order what) {
    vm.life.give(what);
    for (const auto& vcpu : vm.harts) {
        call_attention(vcpu);
    }
}

}  // namespace mullion::run
