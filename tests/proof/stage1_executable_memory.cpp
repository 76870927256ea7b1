// SPDX-License-Identifier: Apache-2.0
// fails: proof: a leaf is executable that was asked for without X
// The leaf maps the guest's memory.
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = stage1_flipped(alpha_hart, 0x9000'0000, 1 << 3);
static_assert(stage1_claim<tables>());
