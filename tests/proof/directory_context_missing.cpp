// SPDX-License-Identifier: Apache-2.0
// fails: proof: a granted function has no device context
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = with(with(directory, base_context(0x18), 0), base_context(0x18) + 1, 0);
static_assert(directory_claim<tables>());
