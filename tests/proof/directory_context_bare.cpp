// SPDX-License-Identifier: Apache-2.0
// fails: proof: a hart's hgatp or satp does not lead to a root of its own
// The function reaches all of memory: iohgatp is Bare.
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = with(directory, extended_context(0x10) + 1, 0);
static_assert(directory_claim<tables>());
