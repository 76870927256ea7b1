// SPDX-License-Identifier: Apache-2.0
// fails: proof: a hart's hgatp or satp does not lead to a root of its own
// All tables lie one page further on; the MMU takes the lowest two bits of a G-stage root's PPN as zero.
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr Layout moved = [] {
    auto layout = l;
    layout.stage2.base = layout.stage2.base + 4096;
    return layout;
}();
constexpr auto tables = build_stage2<stage2.size()>(d, moved);
static_assert(proof::claim<proof::prove_stage2(d, moved, tables, hgatp_values<4>(d, moved))>());
