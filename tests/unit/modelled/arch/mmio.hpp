// SPDX-License-Identifier: Apache-2.0
// Replaces hv/arch/mmio.hpp: the registers are the model's, of modelled/machine.hpp or iommu/machine.hpp.
#pragma once

#include "machine.hpp"

namespace mullion::arch {

template <class Word>
Word load(Hpa at) {
    return static_cast<Word>(modelled::machine.load(at.value));
}
template <class Word>
void store(Hpa at, Word value) {
    modelled::machine.store(at.value, value);
}

}  // namespace mullion::arch
