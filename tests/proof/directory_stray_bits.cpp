// SPDX-License-Identifier: Apache-2.0
// fails: proof: an unused entry is not zero
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = with(directory, 1, std::uint64_t{1} << 63);
static_assert(directory_claim<tables>());
