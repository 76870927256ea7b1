// SPDX-License-Identifier: Apache-2.0
// fails: proof: an entry that leads to a table has bits besides V and PPN
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = stage2_flipped(alpha_hart, 0x8000'0000, 1 << 4, 2);
static_assert(stage2_claim<tables>());
