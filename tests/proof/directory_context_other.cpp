// SPDX-License-Identifier: Apache-2.0
// fails: proof: a hart's hgatp or satp does not lead to a root of its own
// A function of alpha's has beta's tree.
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = with(directory, base_context(0x10) + 1, hgatp[beta_hart]);
static_assert(directory_claim<tables>());
