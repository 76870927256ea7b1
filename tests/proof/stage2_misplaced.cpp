// SPDX-License-Identifier: Apache-2.0
// fails: proof: a leaf leads to another page than the one asked for
// A page of the guest's own memory is mapped twice.
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = stage2_moved(alpha_hart, 0x8020'0000, 0x9000'0000);
static_assert(stage2_claim<tables>());
