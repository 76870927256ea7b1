// SPDX-License-Identifier: Apache-2.0
// fails: proof: a leaf's U bit is wrong
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = stage1_flipped(alpha_hart, l.text.base.value, 1 << 4);
static_assert(stage1_claim<tables>());
