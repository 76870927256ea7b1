// SPDX-License-Identifier: Apache-2.0
// fails: proof: a leaf leads to a stack's guard page
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = with(stage1, stage1_entry(alpha_hart, l.stacks.base.value + stack_block),
                             (l.stacks.base.value + stack_block) / 4096 << 10 | 0xc7);
static_assert(stage1_claim<tables>());
