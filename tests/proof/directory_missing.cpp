// SPDX-License-Identifier: Apache-2.0
// fails: proof: the hypervisor's parts are not in order, in RAM, or large enough
// The board has an IOMMU, and the layout has no directory for it.
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr Layout without = [] {
    auto layout = l;
    layout.directory.size = 0;
    return layout;
}();
static_assert(proof::claim<proof::prove_directory(d, without, directory, roots, hgatp)>());
