// SPDX-License-Identifier: Apache-2.0
// fails: proof: a leaf is writable that was asked for without W
// W is set for a page of the read-only window.
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = stage2_flipped(alpha_hart, 0x9000'1000, 1 << 2);
static_assert(stage2_claim<tables>());
