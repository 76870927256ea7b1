// SPDX-License-Identifier: Apache-2.0
// The PCI functions of the machine: at boot those of a guest are as the description has them and all are at rest;
// between two lives of a guest its own are.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "arch/csr.hpp"
#include "arch/deadline.hpp"
#include "arch/iommu/iommu.hpp"
#include "arch/irq/irq.hpp"
#include "arch/lock.hpp"
#include "arch/memory.hpp"
#include "arch/missing.hpp"
#include "arch/pci/configuration.hpp"
#include "core/atomic.hpp"
#include "core/device_directory.hpp"
#include "core/imsic_layout.hpp"
#include "core/message.hpp"
#include "core/tables.hpp"
#include "core/text.hpp"
#include "core/wait.hpp"
#include "run/alarm.hpp"
#include "run/console.hpp"
#include "run/interrupts.hpp"
#include "run/orders.hpp"
#include "run/rooms.hpp"
#include "vm/emulated_device.hpp"
#include "vm/pci_check.hpp"
#include "vm/pci_faults.hpp"
#include "vm/pci_rest.hpp"

namespace mullion::rooms {
namespace {

/// Configuration space, and time, of this machine.
class MachinePciPort {
 public:
    explicit constexpr MachinePciPort(void (*meanwhile)()) : meanwhile_(meanwhile) {}

    std::uint32_t load_pci(std::uint8_t function, std::uint32_t offset) const {
        return arch::load_pci(function, offset);
    }
    void store_pci(std::uint8_t function, std::uint32_t offset, std::uint32_t bytes, std::uint32_t value) {
        arch::store_pci(function, offset, bytes, value);
    }
    bool await_pci(auto done, std::uint64_t milliseconds) const {
        return await_machine<Wait::function>(done, arch::Deadline{description.board, milliseconds}, meanwhile_);
    }

 private:
    void (*meanwhile_)();
};

std::optional<Text> initialise() {
    const auto at = description.board.pci.base;
    if (arch::probe_load(at) != 0) {
        return arch::missing("PCI host bridge", at);
    }
    MachinePciPort port{arch::pause};
    for (unsigned number = 0; number < PciHost::bus_bytes / pci::function_bytes; ++number) {
        if (const auto wrong = pci::quieten(static_cast<std::uint8_t>(number), port)) {
            return wrong;
        }
    }
    for (const auto& guest : description.guests) {
        for (const auto& function : guest.functions) {
            if (const auto wrong = pci::check_function(function, port)) {
                return wrong;
            }
        }
    }
    return std::nullopt;
}

constinit arch::SpinLock lock;
constinit PciFaults faults;                // under the lock
constinit std::uint64_t overflows = 0;     // of the queue, likewise
constinit Atomic<std::uint64_t> due{0};    ///< when the IOMMU is to interrupt again
constinit Atomic<std::uint32_t> looks{0};  ///< records came before it could

/// Returns whether the IOMMU interrupts a hart of this guest: the first that has a function.
bool is_watched_by(const Guest& guest) {
    const auto with_functions = [](const Guest& other) { return !other.functions.empty(); };
    const auto first = std::ranges::find_if(description.guests, with_functions);
    return first != description.guests.end() && &guest == &*first;
}

/// Requires: the caller has the lock.
void note(std::uint32_t device) {
    ddt::for_each_function(description, [device](const PciFunction& function, const Guest&) {
        if (function.device_id == device) {
            faults.note(function);
        }
    });
}

arch::iommu::Refused take_refused() {
    const arch::LockGuard guard{lock};
    return arch::iommu::driver_of_board->refused(note);
}

void print_refused(const Guest& guest) {
    for (const auto& function : guest.functions) {
        const auto refused = [&] {
            const arch::LockGuard guard{lock};
            return faults[function.number].refused;
        }();
        if (refused != 0) {
            auto line = Text{} << "  " << guest.name << ' ' << pci::name_of(function.number).view();
            run::console::print_answer((line << ": " << refused << " accesses refused in this life").view());
        }
    }
}

bool end(const Guest& guest) {
    const arch::LockGuard guard{lock};
    return guest.policy.stop_on_dma_fault &&
           std::ranges::any_of(guest.functions, [](const PciFunction& f) { return faults[f.number].refused != 0; });
}

bool may_do_dma(std::uint8_t number) {
    const arch::LockGuard guard{lock};
    return !faults[number].is_ended;
}

void print_end(const Guest& guest, const PciFunction& function) {
    Text line;
    line << guest.name << ": " << pci::name_of(function.number).view()
         << " loses its DMA until the next start: it goes on where the guest has nothing";
    run::console::print(line.view());
}

void print_first(const Guest& guest, const PciFunction& function) {
    Text line;
    line << guest.name << ": " << pci::name_of(function.number).view()
         << " does DMA where the guest has nothing: refused, and from now on counted (Ctrl-] s)";
    run::console::print(line.view());
}

void end_guest_if_asked(const Guest& guest) {
    if (guest.policy.stop_on_dma_fault) {
        run::offer_end(run::vms[static_cast<std::size_t>(&guest - description.guests.data())]);
    }
}

/// Decides under the lock, and does it without. On a hart of any guest: the function's ends on its own, if at all.
void settle(const Guest& guest, const PciFunction& function, bool lost) {
    const auto step = [&] {
        const arch::LockGuard guard{lock};
        return faults.settle(function, lost);
    }();
    switch (step) {
        case PciFaults::Step::nothing:
            return;
        case PciFaults::Step::tell:
            print_first(guest, function);
            return end_guest_if_asked(guest);
        case PciFaults::Step::end:
            print_end(guest, function);
            [[fallthrough]];
        case PciFaults::Step::end_again:
            return arch::store_pci(function.number, pci::command, 2, pci::intx_disable | pci::memory_space);
    }
}

void settle_all() {
    const auto now = take_refused().overflows;
    const bool lost = [now] {
        const arch::LockGuard guard{lock};
        return std::exchange(overflows, now) != now;
    }();
    ddt::for_each_function(description,
                           [lost](const PciFunction& function, const Guest& guest) { settle(guest, function, lost); });
}

void look_at_refused(const run::Vm& vm) {
    if (!is_watched_by(vm.guest) ||
        (!arch::iommu::driver_of_board->has_interrupted() && looks.exchange(0, std::memory_order_acquire) == 0)) {
        return;
    }
    settle_all();
    const auto again = arch::now() + description.board.timebase_frequency;
    due.store(again, std::memory_order_relaxed);
    run::hasten_alarm(Alarm::life, again);
}

std::uint64_t watch_due(const Guest& guest) {
    return is_watched_by(guest) ? due.load(std::memory_order_relaxed) : EmulatedDevice::never;
}

/// Under the lock of some guest's devices, so that nothing is printed here.
void watch() {
    if (arch::now() < due.load(std::memory_order_relaxed)) {
        return;
    }
    due.store(EmulatedDevice::never, std::memory_order_relaxed);
    const auto& board = description.board;
    const auto watching = std::ranges::find_if(description.guests, is_watched_by);
    const auto& hart = board.harts[watching->harts.front()];
    if (!arch::iommu::driver_of_board->listen(interrupt_file(board.imsic, hart.imsic_index, 0),
                                              static_cast<std::uint32_t>(Message::attention))) {
        looks.store(1, std::memory_order_release);
        arch::irq::send(hart, Message::attention);
    }
}

void tell(const Guest& guest, const PciFunction& function, pci::ResetKind kind) {
    Text line;
    line << guest.name << ": " << pci::name_of(function.number).view()
         << (kind == pci::ResetKind::none ? " has no reset that Mullion knows" : " does not end its reset");
    run::console::print(line.view());
}

bool bring_to_rest(const Guest& guest) {
    if (guest.functions.empty()) {
        return true;
    }
    MachinePciPort port{run::take_interrupts_stopped};
    {
        const arch::LockGuard guard{lock};
        std::ranges::for_each(guest.functions, [](const PciFunction& function) { faults.begin_life(function); });
    }
    bool all = true;
    pci::bring_to_rest(guest.functions, port, [&](const PciFunction& function, pci::ResetKind kind) {
        tell(guest, function, kind);
        all = false;
    });
    if (!arch::iommu::driver_of_board->complete()) {
        run::console::print((Text{} << guest.name << ": the IOMMU does not end what devices have begun").view());
        return false;
    }
    return all;
}

}  // namespace

constinit const run::PciFunctions pci_functions{
    initialise, bring_to_rest, take_refused, look_at_refused, print_refused, end, may_do_dma, watch_due, watch};

}  // namespace mullion::rooms
