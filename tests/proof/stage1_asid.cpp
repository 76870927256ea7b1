// SPDX-License-Identifier: Apache-2.0
// fails: proof: a hart's hgatp or satp does not lead to a root of its own
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto values = with(rows, alpha_hart, {rows[alpha_hart].id, rows[alpha_hart].satp | std::uint64_t{1} << 44});
static_assert(proof::claim<proof::prove_stage1<proof::own_limit(d)>(d, l, stage1, values)>());
