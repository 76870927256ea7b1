// SPDX-License-Identifier: Apache-2.0
// Replaces hv/run/vm.hpp: a guest without devices.
#pragma once

#include <span>

#include "arch/hart.hpp"
#include "arch/irq/irq.hpp"
#include "arch/lock.hpp"
#include "vm/input_queue.hpp"
#include "vm/life/guest_life.hpp"

namespace mullion::run {

/// Only their lock.
struct NoDevices {
    arch::SpinLock& lock() { return lock_; }

 private:
    arch::SpinLock lock_;
};

struct Vm : GuestLife {
    Vm(const Guest& of, std::uint32_t guest_index, std::span<VCpu> vcpus, InputQueue& typed)
        : GuestLife(of, guest_index, vcpus), input(typed) {}

    InputQueue& input;
    NoDevices devices;
};

extern const std::span<Vm> vms;

void bind_hart(std::uint64_t index);

inline Vm& this_vm() {
    return *arch::this_hart().vm;
}
inline VCpu& this_vcpu() {
    return *arch::this_hart().vcpu;
}

const Hart& board_hart(const VCpu& vcpu);

inline void send(const VCpu&, Message) {}

}  // namespace mullion::run
