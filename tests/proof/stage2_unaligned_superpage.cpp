// SPDX-License-Identifier: Apache-2.0
// fails: proof: a superpage is not aligned to its size
// A 1 GiB leaf leads one page further on.
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = stage2_flipped(alpha_hart, 0x1'0000'0000, 1 << 10);
static_assert(stage2_claim<tables>());
