// SPDX-License-Identifier: Apache-2.0
// fails: proof: a leaf is executable that was asked for without X
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = stage2_flipped(alpha_hart, 0x10'1000, 1 << 3);
static_assert(stage2_claim<tables>());
