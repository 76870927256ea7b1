// SPDX-License-Identifier: Apache-2.0
// fails: proof: the device directory lets a device through
// The same in the other format.
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = with(directory, extended_context(0x19), 1);
static_assert(directory_claim<tables>());
