// SPDX-License-Identifier: Apache-2.0
// fails: proof: a leaf is outside everything asked for
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = with(stage1, stage1_entry(alpha_hart, 0x8000'0000), 0x8000'0000 / 4096 << 10 | 0xc7);
static_assert(stage1_claim<tables>());
