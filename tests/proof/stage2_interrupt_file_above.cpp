// SPDX-License-Identifier: Apache-2.0
// fails: proof: a leaf leads to another page than its interrupt file
// The leaf leads to the next hart's supervisor-level file.
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = stage2_moved(beta_hart, 0x2800'0000, 0x2800'2000);
static_assert(stage2_claim<tables>());
