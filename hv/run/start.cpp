// SPDX-License-Identifier: Apache-2.0
#include "run/start.hpp"

#include <algorithm>

#include "arch/csr.hpp"
#include "arch/firmware.hpp"
#include "arch/memory.hpp"
#include "core/layout.hpp"
#include "core/tables.hpp"
#include "core/text.hpp"
#include "run/alarm.hpp"
#include "run/console.hpp"
#include "run/sbi_port.hpp"
#include "vm/guest_memory.hpp"
#include "vm/lifecycle.hpp"

namespace mullion::run {
namespace {

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

/// A device that goes on by DMA writes into the memory of the next life.
bool must_not_start_again(const Vm& vm) {
    return vm.has_lived && vm.guest.unprotected_dma && !vm.guest.policy.restart_with_dma;
}

std::uint64_t ticks(std::uint64_t milliseconds) {
    return milliseconds * description.board.timebase_frequency / 1000;
}

/// A guest that cannot start holds nobody up either: this is an order, not a dependency.
void release_followers(const Vm& vm) {
    for (auto& follower : vms) {
        const auto& start = follower.guest.policy.start;
        if (start.after == vm.index && follower.life.state() == LifeState::waiting) {
            follower.start_at.store(arch::now() + ticks(start.delay_ms));
            call_attention(follower.harts.front());
        }
    }
}

}  // namespace

void schedule_starts() {
    for (auto& vm : vms) {
        const auto& start = vm.guest.policy.start;
        if (start.by_operator) {
            continue;
        }
        if (start.after == StartOrder::at_boot) {
            vm.start_at.store(arch::now() + ticks(start.delay_ms));
        }
        vm.life.settle(LifeState::waiting);
    }
}

void begin_life(Vm& vm) {
    if (must_not_start_again(vm)) {
        console::print((Text{} << vm.guest.name << " stays off: its devices may still reach its memory by DMA (policy "
                               << "without restart-with-dma)")
                           .view());
        return come_to_rest(vm, LifeState::off);
    }
    console::print((Text{} << vm.guest.name << " starts").view());
    reset_devices(vm);
    clear_guest_memory(vm);
    copy_images(vm);
    for (auto& vcpu : vm.harts) {
        vcpu.exits.fill(0);
        vcpu.pmu.stale = 1;
        vcpu.log.clear();
    }
    vm.has_lived = true;
    start_guest(vm.harts, hart_port, [&vm] { vm.life.settle(LifeState::running); });
    release_followers(vm);
}

void come_to_rest(Vm& vm, LifeState state) {
    vm.life.settle(state);
    release_followers(vm);
    power_off_if_all_are_over();
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

void reset_devices(Vm& vm) {
    const arch::LockGuard guard(vm.device_lock);
    vm.uart.reset();
    vm.input.clear();
    vm.aplic.reset();
    vm.aplic.set_line(vm.guest.uart.source, vm.uart.interrupt());
    vm.watchdog.reset();
    if (vm.guest.watchdog.exists()) {
        vm.aplic.set_line(vm.guest.watchdog.source, vm.watchdog.interrupt());
    }
    console::finish(vm.index);
}

void arm_start(const Vm& vm) {
    if (vm.life.state() == LifeState::waiting && this_vcpu().index == 0) {
        set_alarm(Alarm::life, vm.start_at.load());
    }
}

}  // namespace mullion::run
