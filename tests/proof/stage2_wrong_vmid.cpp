// SPDX-License-Identifier: Apache-2.0
// fails: proof: a hart's hgatp or satp does not lead to a root of its own
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto values = with(hgatp, alpha_hart, hgatp[alpha_hart] ^ std::uint64_t{3} << 44);
static_assert(proof::claim<proof::prove_stage2(d, l, stage2, values)>());
