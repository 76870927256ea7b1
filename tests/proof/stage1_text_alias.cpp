// SPDX-License-Identifier: Apache-2.0
// fails: proof: a writable leaf leads to text, tables or constants
// The leaf for a guest interrupt file leads to text.
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = stage1_moved(alpha_hart, 0x2800'7000, l.text.base.value);
static_assert(stage1_claim<tables>());
