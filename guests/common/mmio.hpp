// SPDX-License-Identifier: Apache-2.0
// Accesses registers of devices.
#pragma once

#include <cstdint>

namespace guest {

template <class T>
T read_register(std::uint64_t address) {
    return *reinterpret_cast<volatile T*>(address);
}

template <class T>
void write_register(std::uint64_t address, T value) {
    *reinterpret_cast<volatile T*>(address) = value;
}

}  // namespace guest
