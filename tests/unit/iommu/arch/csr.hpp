// SPDX-License-Identifier: Apache-2.0
// Replaces hv/arch/csr.hpp: time passes with each look at the model.
#pragma once

#include "machine.hpp"

namespace mullion::arch {

inline std::uint64_t now() {
    return modelled::machine.time;
}
inline void pause() {}

}  // namespace mullion::arch
