// SPDX-License-Identifier: Apache-2.0
// A guest at run time: its harts, its devices, its life.
#pragma once

#include <cstdint>
#include <span>

#include "arch/aplic.hpp"
#include "arch/guest_hart.hpp"
#include "arch/hart.hpp"
#include "arch/lock.hpp"
#include "arch/wired.hpp"
#include "core/description.hpp"
#include "core/seed.hpp"
#include "run/controller.hpp"
#include "vm/input_queue.hpp"
#include "vm/life/guest_life.hpp"
#include "vm/uart16550.hpp"
#include "vm/vcpu.hpp"
#include "vm/watchdog.hpp"

namespace mullion::run {

/// What a guest's emulated devices do to the machine.
class DevicePort {
 public:
    constexpr DevicePort(const Guest& guest, std::uint32_t index) : guest_(guest), index_(index) {}

    void send_msi(std::uint32_t hart, std::uint32_t identity);
    void physical_target(std::uint32_t source, std::uint32_t hart, std::uint32_t identity);
    void physical_source_mode(std::uint32_t source, SourceMode mode) { arch::aplic::set_mode(source, mode); }
    void physical_enable(std::uint32_t source, bool enabled) { arch::aplic::set_enabled(source, enabled); }
    void physical_set_pending(std::uint32_t source) { arch::aplic::set_pending(source); }
    void physical_clear_pending(std::uint32_t source) { arch::aplic::clear_pending(source); }
    bool physical_pending(std::uint32_t source) const { return arch::aplic::pending(source); }
    bool physical_input(std::uint32_t source) const { return arch::aplic::input(source); }

    void route(std::uint32_t source, std::uint32_t hart) { arch::wired::route(source, hart_of(hart)); }
    void unroute(std::uint32_t source, std::uint32_t hart) { arch::wired::unroute(source, hart_of(hart)); }
    void release(std::uint32_t source, std::uint32_t hart) { arch::wired::release(source, hart_of(hart)); }
    void put_back(std::uint32_t source) { arch::wired::put_back(source, hart_of(calling_hart())); }
    bool pending(std::uint32_t source) const { return arch::wired::pending(source); }
    std::uint32_t calling_hart() const { return arch::this_hart().vcpu->index; }
    void set_external(bool level) { arch::guest_hart::set_external(level); }
    void call(std::uint32_t hart);

    bool transmit(std::uint8_t byte);

 private:
    const Hart& hart_of(std::uint32_t guest_hart) const;

    const Guest& guest_;
    std::uint32_t index_;
};

struct alignas(cache_line) Vm : GuestLife {
    constexpr Vm(const Guest& of, std::uint32_t guest_index, const Board& board, std::span<VCpu> vcpus,
                 std::span<PlicContext> contexts, InputQueue& typed)
        : GuestLife(of, guest_index, vcpus),
          registers(of.controller().range()),
          uart_row(of.device(DeviceKind::uart16550)),
          watchdog_row(of.device(DeviceKind::watchdog)),
          input(typed),
          port(of, guest_index),
          controller(VirtualController<DevicePort>::of(of, board, contexts, port)),
          uart(port),
          watchdog(board.timebase_frequency) {}

    const GuestRange registers;  ///< of its interrupt controller
    const VirtualDevice uart_row;
    const VirtualDevice watchdog_row;  ///< of size 0 where it has none
    SeedPool seeds;                    ///< by the owner of its life's state; empty: the machine has none
    InputQueue& input;                 ///< typed, and not yet taken by the guest

    arch::SpinLock device_lock;  ///< of the members below
    DevicePort port;
    VirtualController<DevicePort> controller;
    Uart16550<DevicePort> uart;
    Watchdog watchdog;  ///< means something where the guest has one
};

/// The VCpu on a hart of the board; null where it belongs to no guest.
VCpu* vcpu_of(std::uint64_t board_hart);

/// All guests, in the description's order.
extern const std::span<Vm> vms;

/// For good: the calling hart, which is the board's hart `board_hart` and belongs to a guest, finds its VCpu and Vm.
void take_place(std::uint64_t board_hart);

/// The guest of the calling hart, after take_place().
inline Vm& this_vm() {
    return *arch::this_hart().vm;
}
inline VCpu& this_vcpu() {
    return *arch::this_hart().vcpu;
}

/// The board's hart that a guest's hart is.
const Hart& physical(const VCpu& vcpu);

/// Interrupts a hart, wherever it is, so that it looks at what is asked of it (run/interrupts.hpp). What was written
/// before is visible to it then.
void call_attention(const VCpu& vcpu);

}  // namespace mullion::run
