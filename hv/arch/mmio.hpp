// SPDX-License-Identifier: Apache-2.0
// Device registers and interrupt files of the machine, through the hypervisor's identity map.
#pragma once

#include <cstdint>

#include "core/address.hpp"

namespace mullion::arch {

template <class Word>
inline Word load(Hpa at) {
    return *reinterpret_cast<const volatile Word*>(at.value);
}

template <class Word>
inline void store(Hpa at, Word value) {
    *reinterpret_cast<volatile Word*>(at.value) = value;
}

/// Orders memory before devices: whoever acts on the device write that follows sees what was written before.
inline void memory_before_device() {
    asm volatile("fence rw, o" : : : "memory");
}

/// Orders everything: what was done before, to memory or a device, is done before anything that follows.
inline void everything_in_order() {
    asm volatile("fence iorw, iorw" : : : "memory");
}

}  // namespace mullion::arch
