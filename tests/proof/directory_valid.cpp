// SPDX-License-Identifier: Apache-2.0
// fails: proof: the device directory lets a device through
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = with(directory, 511, l.directory.base.value / 4096 << 10 | 1);
static_assert(directory_claim<tables>());
