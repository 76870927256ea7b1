// SPDX-License-Identifier: Apache-2.0
// fails: proof: a leaf is outside everything asked for
// A superpage begins where a window of three pages does.
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = with(stage2, stage2_entry(alpha_hart, 0x9000'0000, 1), 0x9100'0000 / 4096 << 10 | 0xd3);
static_assert(stage2_claim<tables>());
