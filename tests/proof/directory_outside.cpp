// SPDX-License-Identifier: Apache-2.0
// fails: proof: an entry leads to a table outside the section
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = with(directory, extended_root, l.stage2.base.value / 4096 << 10 | 1);
static_assert(directory_claim<tables>());
