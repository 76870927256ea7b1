// SPDX-License-Identifier: Apache-2.0
// Replaces hv/arch/mmio.hpp: the registers are the model's.
#pragma once

#include "model.hpp"

namespace mullion::arch {

template <class Word>
Word load(Hpa at) {
    return static_cast<Word>(modelled::iommu.load(at));
}
template <class Word>
void store(Hpa at, Word value) {
    modelled::iommu.store(at, value);
}

}  // namespace mullion::arch
