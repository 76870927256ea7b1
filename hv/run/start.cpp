// SPDX-License-Identifier: Apache-2.0
#include "run/start.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "arch/deadline.hpp"
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
#include "run/linked_services.hpp"
#include "run/seeds.hpp"
#include "vm/guest_memory.hpp"

namespace mullion::run {
namespace {

/// Resets the emulated devices, which masks the granted sources, as a device may raise its wire when it is reset. Drops
/// what was typed for a life that ends; what is typed before a life begins waits for it. Requires: the caller holds the
/// device lock.
void reset_emulated_devices(Vm& vm) {
    if (is_there(vm.life.state())) {
        vm.input.clear();
    }
    vm.devices.reset();
    console::finish(vm.index);
}

constexpr std::string_view does_not_answer = ": a granted device does not answer at ";

/// Waits for a reset that takes time, and returns what is wrong with the device, if anything. 100 ms are longer than
/// any should need.
std::optional<std::string_view> await_reset(const DeviceReset& store) {
    bool answers = true;
    const auto is_over = [&] {
        const auto read = arch::load_from_guest({store.at.value}, store.bytes);
        answers = read.fault == 0;
        return !answers || read.value == store.value;
    };
    if (!await_machine<Wait::reset>(is_over, arch::Deadline{description.board, 100}, take_interrupts_stopped)) {
        return ": a granted device does not end its reset at ";
    }
    return answers ? std::nullopt : std::optional{does_not_answer};
}

/// Makes the store, and returns what is wrong with the device, if anything. Reads the register back, as a store may be
/// on its way when the next instruction runs: what the device answers is answered after it.
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

/// Makes the stores through the guest's own tables, so that no slip of this list reaches anything else.
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

/// Forgets what granted devices have sent to a guest's PLIC; an APLIC's sources the guest configures itself. Requires:
/// the devices are at rest.
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

using Fault = std::optional<arch::MemoryFault>;

/// Returns how the calling hart clears the guest's memory, and how far down: a guest that reads around caches must not
/// find there what an earlier life left (docs/decisions/0021-down-to-memory.md).
arch::CacheBlocks cache_blocks(const Guest& guest) {
    const auto& hart = board_hart(this_vcpu());
    return reads_around_caches(description.board, guest) ? flushed_blocks(hart) : arch::CacheBlocks{hart.cboz_block, 0};
}

Fault clear_guest_memory(const Guest& guest, arch::CacheBlocks blocks) {
    Fault fault;
    for (const auto& window : guest.windows) {
        if (window.kind == WindowKind::memory) {
            for_each_piece_to_clear(
                guest, window, [&](HostRange piece) { fault = fault ? fault : arch::clear_memory(piece, blocks); });
        }
    }
    return fault;
}

/// Calls `function(to, load)` for each load with where it is to be, until there is a fault. check() has seen that every
/// load lies inside one memory window and inside its image.
template <class Function>
Fault for_each_load(const Guest& guest, Function function) {
    Fault fault;
    for (const auto& load : guest.loads) {
        if (const auto to = find(guest, load.to, load.size, Rights::r); to && !fault) {
            fault = function(*to, load);
        }
    }
    return fault;
}

Fault fill_memory(Vm& vm) {
    const auto blocks = cache_blocks(vm.guest);
    if (const auto fault = clear_guest_memory(vm.guest, blocks)) {
        return fault;
    }
    const auto copied = for_each_load(vm.guest, [](Hpa to, const Load& load) {
        return arch::copy_memory(to, image_address(description, layout, load.image) + load.offset, load.size);
    });
    if (copied) {
        return copied;
    }
    plant_seed(vm);  // in the tree, which is a load
    return for_each_load(vm.guest, [&](Hpa to, const Load& load) {
        return arch::flush_memory({to, load.size}, blocks);
    });
}

}  // namespace

arch::CacheBlocks flushed_blocks(const Hart& hart) {
    const auto measured = hart.features.has(Extension::zicboz) ? hart.cboz_block : hart.cbom_block;
    return {hart.cboz_block, std::min(hart.cbom_block, measured)};
}

[[gnu::cold]] bool reset_devices(Vm& vm) {
    {
        const arch::LockGuard guard(vm.devices.lock());
        reset_emulated_devices(vm);
    }
    console::service(vm);  // the last line
    reset_granted_devices(vm.guest);
    reset_granted_sources(vm);
    return pci_functions == nullptr || pci_functions->bring_to_rest(vm.guest);
}

[[gnu::cold]] bool renew_memory(Vm& vm) {
    const auto fault = vm.hole ? Fault{{*vm.hole, 0}} : fill_memory(vm);
    if (fault) {
        Text line;
        (line << vm.guest.name << " cannot start: no RAM at ").hex(fault->at.value);
        if (!vm.hole) {
            line << " (" << csr::cause_name(fault->cause) << ')';
        }
        console::print(line.view());
    }
    return !fault;
}

}  // namespace mullion::run
