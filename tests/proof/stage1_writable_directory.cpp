// SPDX-License-Identifier: Apache-2.0
// fails: proof: a leaf is writable that was asked for without W
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = stage1_flipped(beta_hart, l.directory.base.value, 1 << 2);
static_assert(stage1_claim<tables>());
