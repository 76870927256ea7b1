// SPDX-License-Identifier: Apache-2.0
// fails: proof: a writable leaf leads to text, tables or constants
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = stage1_moved(alpha_hart, l.data.base.value, l.stage2.base.value);
static_assert(stage1_claim<tables>());
