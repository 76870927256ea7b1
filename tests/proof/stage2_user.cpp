// SPDX-License-Identifier: Apache-2.0
// fails: proof: a leaf's U bit is wrong
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = stage2_flipped(alpha_hart, 0x8000'0000, 1 << 4);
static_assert(stage2_claim<tables>());
