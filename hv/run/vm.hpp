// SPDX-License-Identifier: Apache-2.0
// A guest at run time: its harts, its devices, its life.
#pragma once

#include <cstdint>
#include <span>

#include "arch/hart.hpp"
#include "arch/irq/irq.hpp"
#include "arch/lock.hpp"
#include "core/description.hpp"
#include "core/message.hpp"
#include "core/seed.hpp"
#include "run/device_kinds.hpp"
#include "vm/console_channel.hpp"
#include "vm/devices.hpp"
#include "vm/input_queue.hpp"
#include "vm/life/guest_life.hpp"
#include "vm/vcpu.hpp"

namespace mullion::run {

/// The part of a Vm that an access to a device needs. The first, so that no exit works out where it is.
struct VmDevices {
    Devices<arch::SpinLock, DevicePort> devices;  ///< with the lock of all of them
};

struct alignas(cache_line) Vm : VmDevices, GuestLife {
    constexpr Vm(const Guest& of, std::uint32_t guest_index, std::span<VCpu> vcpus, InputQueue& typed,
                 OutputChannel& said, std::span<const DeviceRow> rows, EmulatedController& controller,
                 VirtualPlic<DevicePort>* of_plic, Uart16550<DevicePort>& of_uart, DevicePort& port)
        : VmDevices{{rows, controller, port}},
          GuestLife(of, guest_index, vcpus),
          input(typed),
          output(said),
          plic(of_plic),
          uart(of_uart) {}

    SeedPool seeds;         ///< by the owner of its life's state; empty: the machine has none
    InputQueue& input;      ///< typed, and not yet taken by the guest
    OutputChannel& output;  ///< said by the guest, and not yet sent

    VirtualPlic<DevicePort>* const plic;  ///< of its devices; null where it has none
    Uart16550<DevicePort>& uart;          ///< of its devices
};

/// Returns the VCpu on the board's hart `index`; null if it belongs to no guest.
VCpu* vcpu_of(std::uint64_t index);

/// All guests, in the description's order.
extern const std::span<Vm> vms;

/// Gives the calling hart, which is the board's hart `index` and belongs to a guest, its VCpu and Vm for good.
void bind_hart(std::uint64_t index);

/// Returns the guest, or the VCpu, of the calling hart. Requires bind_hart().
inline Vm& this_vm() {
    return *arch::this_hart().vm;
}
inline VCpu& this_vcpu() {
    return *arch::this_hart().vcpu;
}

/// Returns the board's hart that a guest's hart is.
const Hart& board_hart(const VCpu& vcpu);

/// Sends a hart a message, which interrupts it wherever it is (run/interrupts.hpp). What was written before is visible
/// to it then.
inline void send(const VCpu& vcpu, Message message) {
    arch::irq::send(board_hart(vcpu), message);
}

}  // namespace mullion::run
