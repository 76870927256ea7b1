// SPDX-License-Identifier: Apache-2.0
// fails: proof: the device directory lets a device through
// A context is valid for an id that no function has.
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = with(directory, base_context(0x19), 1);
static_assert(directory_claim<tables>());
