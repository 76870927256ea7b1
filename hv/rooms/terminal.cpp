// SPDX-License-Identifier: Apache-2.0
#include "rooms/terminal.hpp"

#include "arch/firmware.hpp"
#include "arch/iommu/iommu.hpp"
#include "core/text.hpp"
#include "run/console.hpp"
#include "run/linked_services.hpp"
#include "run/machine_console.hpp"
#include "run/orders.hpp"
#include "run/report.hpp"
#include "run/rooms.hpp"
#include "run/vm.hpp"
#include "vm/console.hpp"

template class mullion::Console<mullion::run::console::MachineConsolePort, mullion::Terminal>;

namespace mullion::rooms {
namespace {

/// Interrupts a guest as the button of a machine that makes its kernel look, whatever it has masked.
void interrupt(const run::Vm& vm) {
    const auto* events = run::software_events;
    const auto harts = events != nullptr ? events->interrupt_harts(vm.harts.front()) : 0;
    Text line;
    if (harts == 0) {
        line << vm.guest.name << " cannot be interrupted: it has no software event enabled";
    } else {
        line << vm.guest.name << " is interrupted on " << harts << (harts == 1 ? " hart" : " harts");
    }
    run::console::print_answer(line.view());
}

void print_refused(const arch::iommu::Refused& refused) {
    Text line;
    line << "DMA: " << refused.count << (refused.overflows != 0 ? " accesses and more" : " accesses") << " refused";
    if (refused.count != 0) {
        (line << ", the last of device ").hex(refused.last_device);
    }
    run::console::print_answer(line.view());
}

/// Prints the guests' states, for which there is always room, before their exits, which may be more than there is room
/// for.
void print_states() {
    for (const auto& vm : run::vms) {
        run::console::print_answer((Text{} << vm.guest.name << ": " << name_of(vm.life.state())).view());
    }
    if (arch::iommu::driver_of_board != nullptr) {
        print_refused(run::pci_functions != nullptr ? run::pci_functions->take_refused()
                                                    : arch::iommu::driver_of_board->refused([](std::uint32_t) {}));
    }
    for (const auto& vm : run::vms) {
        if (run::pci_functions != nullptr) {
            run::pci_functions->print_refused(vm.guest);
        }
        run::print_exits(vm, run::console::print_answer);
    }
}

}  // namespace

[[gnu::cold]] void obey_key(const ConsoleAction& action) {
    using Kind = ConsoleAction::Kind;
    auto& vm = run::vms[action.guest];
    switch (action.kind) {
        case Kind::states:
            return print_states();
        case Kind::interrupt:
            return interrupt(vm);
        case Kind::restart:
            return run::order(vm, Order::restart);
        case Kind::off:
            return run::order(vm, Order::off);
        case Kind::machine_off:
            run::console::print_answer("the machine powers off");
            run::console::flush();
            arch::firmware::shutdown(false);
        default:
            return;
    }
}

}  // namespace mullion::rooms
