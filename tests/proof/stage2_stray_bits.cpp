// SPDX-License-Identifier: Apache-2.0
// fails: proof: an unused entry is not zero
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = with(stage2, stage2_entry(alpha_hart, 0x4000'0000), 2);
static_assert(stage2_claim<tables>());
