// SPDX-License-Identifier: Apache-2.0
// fails: proof: a leaf is outside everything asked for
// A superpage covers a granted device, which is its guest's alone.
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = with(stage1, stage1_entry(alpha_hart, 0x10'1000), 0xc7);
static_assert(stage1_claim<tables>());
