// SPDX-License-Identifier: Apache-2.0
#include "run/start.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "arch/csr.hpp"
#include "arch/firmware.hpp"
#include "arch/guest_hart.hpp"
#include "arch/irq/irq.hpp"
#include "arch/memory.hpp"
#include "arch/order.hpp"
#include "core/cause.hpp"
#include "core/layout_of.hpp"
#include "core/tables.hpp"
#include "core/text.hpp"
#include "core/wait.hpp"
#include "run/console.hpp"
#include "run/interrupts.hpp"
#include "run/seeds.hpp"
#include "vm/guest_memory.hpp"

namespace mullion::run {
namespace {

std::uint64_t ticks(std::uint64_t milliseconds) {
    return milliseconds * description.board.timebase_frequency / 1000;
}

/// Masks the granted sources, which come first: a device may raise its wire as it is reset. What was typed for a life
/// that ends is dropped; what is typed before one begins waits for it. Under the device lock.
void reset_emulated_devices(Vm& vm) {
    if (is_there(vm.life.state())) {
        vm.input.clear();
    }
    vm.devices.reset();
    console::finish(vm.index);
}

constexpr std::string_view does_not_answer = ": a granted device does not answer at ";

/// Waits for a reset that takes time: what is wrong with the device, if anything. 100 ms are longer than any should
/// need.
std::optional<std::string_view> await_reset(const DeviceReset& store) {
    const auto limit = arch::now() + ticks(100);
    bool answers = true;
    const auto is_over = [&] {
        const auto read = arch::load_from_guest({store.at.value}, store.bytes);
        answers = read.fault == 0;
        return !answers || read.value == store.value;
    };
    if (!await_machine<Wait::reset>(
            is_over, [limit] { return arch::now() > limit; }, take_interrupts_stopped)) {
        return ": a granted device does not end its reset at ";
    }
    return answers ? std::nullopt : std::optional{does_not_answer};
}

/// Reads the register back, as a store may be on its way when the next instruction runs: what the device answers is
/// answered after it.
std::optional<std::string_view> reset_granted_device(const DeviceReset& store) {
    if (arch::store_to_guest({store.at.value}, store.value, store.bytes) != 0) {
        return does_not_answer;
    }
    if (store.awaited) {
        return await_reset(store);
    }
    return arch::load_from_guest({store.at.value}, store.bytes).fault == 0 ? std::nullopt
                                                                           : std::optional{does_not_answer};
}

/// Through the guest's own tables, so that no slip of this list reaches anything else.
void reset_granted_devices(const Guest& guest) {
    arch::guest_hart::leave_translation();
    for (const auto& store : guest.resets) {
        if (const auto wrong = reset_granted_device(store)) {
            Text line;
            (line << guest.name << *wrong).hex(store.at.value);
            console::print(line.view());
        }
    }
}

/// Once the devices are at rest, nothing of theirs is on its way to a PLIC: what a guest sees as an APLIC's sources it
/// configures itself.
void reset_granted_sources(const Vm& vm) {
    if (vm.plic == nullptr) {
        return;
    }
    const auto& self = board_hart(this_vcpu());
    arch::order::between_steps();
    for (const auto& source : vm.guest.sources) {
        arch::irq::prepare(source, self);
    }
}

std::optional<arch::MemoryFault> clear_guest_memory(const Guest& guest) {
    std::optional<arch::MemoryFault> fault;
    for (const auto& window : guest.windows) {
        if (window.kind == WindowKind::memory && !fault) {
            fault = arch::clear_memory(window.host(), board_hart(this_vcpu()).cboz_block);
        }
    }
    return fault;
}

/// check() has seen that every load lies inside one memory window and inside its image.
std::optional<arch::MemoryFault> copy_images(const Guest& guest) {
    std::optional<arch::MemoryFault> fault;
    for (const auto& load : guest.loads) {
        if (const auto to = find(guest, load.to, load.size, Rights::r); to && !fault) {
            fault = arch::copy_memory(*to, image_address(description, layout, load.image) + load.offset, load.size);
        }
    }
    return fault;
}

}  // namespace

[[gnu::cold]] void reset_devices(Vm& vm) {
    {
        const arch::LockGuard guard(vm.devices.lock());
        reset_emulated_devices(vm);
    }
    console::service(vm);  // the last line
    reset_granted_devices(vm.guest);
    reset_granted_sources(vm);
}

bool renew_memory(Vm& vm) {
    auto fault = clear_guest_memory(vm.guest);
    if (!fault) {
        fault = copy_images(vm.guest);
    }
    if (fault) {
        Text line;
        (line << vm.guest.name << " cannot start: no RAM at ").hex(fault->at.value)
            << " (" << csr::cause_name(fault->cause) << ')';
        console::print(line.view());
        return false;
    }
    plant_seed(vm);
    return true;
}

}  // namespace mullion::run
