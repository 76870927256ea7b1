// SPDX-License-Identifier: Apache-2.0
// Makes a hypervisor that does what its own page tables must not allow. Each fault is linked instead of hv/main.cpp;
// everything else, including the tables, is that of the description two-probes.
#pragma once

#include <cstdint>

#include "core/address.hpp"

namespace mullion::faults {

/// Commits the fault, on the boot hart. Returns if nothing has stopped it.
void commit();

inline void store_to(Hpa at) {
    *reinterpret_cast<volatile std::uint64_t*>(at.value) = 0;
}

inline std::uint64_t load_from(Hpa at) {
    return *reinterpret_cast<const volatile std::uint64_t*>(at.value);
}

inline void execute(Hpa at) {
    reinterpret_cast<void (*)()>(at.value)();
}

}  // namespace mullion::faults
