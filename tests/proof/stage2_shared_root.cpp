// SPDX-License-Identifier: Apache-2.0
// fails: proof: a hart's hgatp or satp does not lead to a root of its own
// Two harts of one guest have one root.
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto values = with(hgatp, alpha_hart, hgatp[3]);
static_assert(proof::claim<proof::prove_stage2(d, l, stage2, values)>());
