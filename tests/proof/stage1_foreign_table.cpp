// SPDX-License-Identifier: Apache-2.0
// fails: proof: a leaf leads to another guest's page
// The address spaces share tables, so what is wrong is found at the leaf.
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables =
    with(stage1, stage1_entry(alpha_hart, 0x8000'0000, 2), stage1[stage1_entry(beta_hart, 0x8000'0000, 2)]);
static_assert(stage1_claim<tables>());
