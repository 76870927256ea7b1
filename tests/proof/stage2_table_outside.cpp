// SPDX-License-Identifier: Apache-2.0
// fails: proof: an entry leads to a table outside the section
// The table lies in the guest's own memory.
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = with(stage2, stage2_entry(alpha_hart, 0x8000'0000, 2), 0x9000'0000 / 4096 << 10 | 1);
static_assert(stage2_claim<tables>());
