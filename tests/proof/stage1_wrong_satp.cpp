// SPDX-License-Identifier: Apache-2.0
// fails: proof: a hart's hgatp or satp does not lead to a root of its own
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto values = with(satp, alpha_hart, satp[beta_hart]);
static_assert(proof::claim<proof::prove_stage1<proof::stage1_region_limit(d)>(d, l, stage1, values)>());
