// SPDX-License-Identifier: Apache-2.0
// fails: proof: an entry leads to a table where only a leaf can be
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables =
    with(stage2, stage2_entry(alpha_hart, 0x9000'0000), stage2[stage2_entry(alpha_hart, 0x9000'0000, 1)]);
static_assert(stage2_claim<tables>());
