// SPDX-License-Identifier: Apache-2.0
// fails: proof: two entries lead to one page of a directory
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = with(directory, base_root, directory[extended_root]);
static_assert(directory_claim<tables>());
