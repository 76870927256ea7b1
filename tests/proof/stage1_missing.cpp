// SPDX-License-Identifier: Apache-2.0
// fails: proof: a page that was asked for is missing
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = with(stage1, stage1_entry(alpha_hart, l.stacks.end().value - 4096), 0);
static_assert(stage1_claim<tables>());
