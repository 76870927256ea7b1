// SPDX-License-Identifier: Apache-2.0
// The boot order. boot.S has put the hart on its own stack and stage-1 table.
#include <array>
#include <atomic>

#include "arch/boot.hpp"
#include "arch/csr.hpp"
#include "arch/deadline.hpp"
#include "arch/firmware.hpp"
#include "arch/hart.hpp"
#include "arch/lock.hpp"
#include "arch/panic.hpp"
#include "arch/uart.hpp"
#include "boot/checks.hpp"
#include "boot/configuration.hpp"
#include "core/sbi_numbers.hpp"
#include "core/tables.hpp"
#include "core/text.hpp"
#include "core/wait.hpp"
#include "run/console.hpp"
#include "run/input.hpp"
#include "run/interrupts.hpp"
#include "run/life.hpp"
#include "run/linked_services.hpp"
#include "run/machine_ids.hpp"
#include "run/request_port.hpp"
#include "run/seeds.hpp"
#include "run/vm.hpp"

namespace mullion {
namespace {

/// Harts of guests that have checked themselves, and whether the boot hart has seen all of them.
std::atomic<std::uint32_t> ready = 0;
std::atomic<std::uint32_t> released = 0;

std::uint32_t harts_of_guests() {
    std::uint32_t count = 0;
    for (const auto& guest : description.guests) {
        count += static_cast<std::uint32_t>(guest.harts.size());
    }
    return count;
}

/// One hart of a guest after the other: they use the same memory.
void check_memory(const Hart& hart, run::Vm& vm) {
    const arch::LockGuard guard(vm.devices.lock());
    vm.hole = vm.hole ? vm.hole : boot::find_hole(hart, vm.guest.windows, WindowKind::memory);
    if (!vm.hole) {
        boot::check_cache_blocks(hart, vm.guest);
    }
    if (run::prepare_channels != nullptr) {
        run::prepare_channels(hart, vm);
    }
}

/// Everything that only the hart itself can do, and that must hold before any guest enters.
void prepare(std::uint64_t index) {
    const auto& hart = description.board.harts[index];
    run::bind_hart(index);
    boot::check_hypervisor_extension(hart);
    boot::check_features(hart);
    boot::configure_hart(hart, hgatp[index]);
    for (const auto* room : run::state_rooms) {
        room->configure(hart, run::this_vcpu());
    }
    boot::check_instructions(hart);
    check_memory(hart, run::this_vm());
    run::quiet();
    run::enable_interrupts();
    ready.fetch_add(1);
}

void start_others(std::uint64_t boot_hart) {
    for (std::size_t i = 0; i < description.board.harts.size(); ++i) {
        if (i == boot_hart || hgatp[i] == 0) {
            continue;
        }
        const auto& hart = description.board.harts[i];
        if (arch::firmware::hart_start(hart.id, arch::secondary_entry_address()).error != SbiError::success) {
            Text line;
            line << "hart " << static_cast<std::uint64_t>(hart.id) << ": the firmware cannot start it";
            arch::refuse_machine(line.view());
        }
    }
}

[[noreturn]] void refuse_missing_hart() {
    for (std::size_t i = 0; i < description.board.harts.size(); ++i) {
        const auto& hart = description.board.harts[i];
        if (hgatp[i] != 0 &&
            arch::firmware::hart_status(hart.id).value != static_cast<std::uint64_t>(HsmState::started)) {
            Text line;
            line << "hart " << static_cast<std::uint64_t>(hart.id)
                 << ": was started, and the firmware did not let it go within 10 s";
            arch::refuse_machine(line.view());
        }
    }
    arch::refuse_machine("a hart was started and did not arrive within 10 s");
}

/// A hart that the firmware started and that never arrives must not leave a silent machine.
void wait_for_others() {
    const auto expected = harts_of_guests();
    if (!await_machine<Wait::arrival>([&] { return ready.load() == expected; },
                                      arch::Deadline{description.board, 10'000}, arch::pause)) {
        refuse_missing_hart();
    }
}

/// The park loops find what was scheduled. Before, harts wait by WFI: dozens that spin would hold up those that still
/// have work to do wherever harts share a processor, as in an emulator.
void release_all() {
    released.store(1);
    for (auto& vm : run::vms) {
        for (const auto& vcpu : vm.harts) {
            run::send(vcpu, Message::attention);
        }
    }
}

}  // namespace

namespace arch {

void boot_main(std::uint64_t index) {
    uart::initialise();
    boot::check_hypervisor_extension(description.board.harts[index]);
    boot::configure_dma();  // first: until then devices that firmware has left running may do DMA
    boot::check_firmware();
    boot::check_reserved();
    boot::check_harts_present(index);
    boot::configure_controller();
    run::note_machine_ids();
    const bool has_guest = hgatp[index] != 0;
    start_others(index);
    if (has_guest) {
        prepare(index);
    }
    wait_for_others();
    run::input::initialise();  // now: as a hart enables its interrupt file, what it was sent is lost
    run::console::greet(run::gather_seeds());
    run::schedule_starts();
    release_all();
    if (!has_guest) {
        firmware::hart_stop();
    }
    park();
}

void secondary_main(std::uint64_t index) {
    prepare(index);
    await_interrupt<Wait::release>([] { return released.load() != 0; }, wait_for_interrupt);
    park();
}

}  // namespace arch
}  // namespace mullion
