// SPDX-License-Identifier: Apache-2.0
// fails: proof: a leaf has fewer rights than were asked for
// R is cleared. What is left is reserved (W), or execute-only (X).
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = stage2_flipped(alpha_hart, 0x8000'0000, 1 << 1);
static_assert(stage2_claim<tables>());
