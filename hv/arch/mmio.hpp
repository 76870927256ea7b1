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

}  // namespace mullion::arch
