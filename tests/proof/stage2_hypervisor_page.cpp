// SPDX-License-Identifier: Apache-2.0
// fails: proof: a guest's leaf leads to a page of the hypervisor
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = stage2_moved(alpha_hart, 0x8000'0000, l.text.base.value);
static_assert(stage2_claim<tables>());
