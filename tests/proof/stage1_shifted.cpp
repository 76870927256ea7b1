// SPDX-License-Identifier: Apache-2.0
// fails: proof: a leaf is outside everything asked for
// The page that the leaf leads to was asked for, at another address.
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = stage1_shifted(alpha_hart, 0x2800'7000);
static_assert(stage1_claim<tables>());
