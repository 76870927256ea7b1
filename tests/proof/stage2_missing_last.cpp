// SPDX-License-Identifier: Apache-2.0
// fails: proof: a page that was asked for is missing
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = with(stage2, stage2_entry(beta_hart, 0x8060'0000), 0);
static_assert(stage2_claim<tables>());
