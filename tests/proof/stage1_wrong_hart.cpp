// SPDX-License-Identifier: Apache-2.0
// fails: proof: a hart's hgatp or satp does not lead to a root of its own
// Harts of two guests have each other's row in the list that boot.S reads.
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto values = with(with(rows, alpha_hart, {rows[beta_hart].id, rows[alpha_hart].satp}), beta_hart,
                             {rows[alpha_hart].id, rows[beta_hart].satp});
static_assert(proof::claim<proof::prove_stage1<proof::own_limit(d)>(d, l, stage1, values)>());
