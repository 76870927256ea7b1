// SPDX-License-Identifier: Apache-2.0
// fails: proof: an unused entry is not zero
// The function has a first stage (fsc) that nobody has made.
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = with(directory, base_context(0x10) + 3, std::uint64_t{8} << 60);
static_assert(directory_claim<tables>());
