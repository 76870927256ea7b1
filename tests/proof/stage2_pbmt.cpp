// SPDX-License-Identifier: Apache-2.0
// fails: proof: a leaf's PBMT field is not zero
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = stage2_flipped(alpha_hart, 0x10'1000, std::uint64_t{1} << 62);
static_assert(stage2_claim<tables>());
