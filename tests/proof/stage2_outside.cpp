// SPDX-License-Identifier: Apache-2.0
// fails: proof: a leaf is outside everything asked for
// A leaf follows the last one of the window, and leads to RAM that nobody asked for.
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = with(stage2, stage2_entry(alpha_hart, 0x8080'0000), 0x8c00'0000 / 4096 << 10 | 0xdf);
static_assert(stage2_claim<tables>());
