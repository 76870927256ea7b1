// SPDX-License-Identifier: Apache-2.0
// fails: proof: an unused entry is not zero
// An entry of the root for ids of 25 bits.
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = with(directory, base_root + 256, directory[base_root]);
static_assert(directory_claim<tables>());
