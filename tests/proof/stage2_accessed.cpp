// SPDX-License-Identifier: Apache-2.0
// fails: proof: a leaf's A bit is clear
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = stage2_flipped(alpha_hart, 0x8000'0000, 1 << 6);
static_assert(stage2_claim<tables>());
