// SPDX-License-Identifier: Apache-2.0
// fails: proof: the hypervisor's parts are not in order, in RAM, or large enough
// The last page of the data is the first of the stacks.
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr Layout moved = [] {
    auto layout = l;
    layout.data.size += 4096;
    return layout;
}();
static_assert(proof::claim<proof::prove_layout(d, moved, stage1.size(), stage2.size())>());
