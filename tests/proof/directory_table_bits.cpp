// SPDX-License-Identifier: Apache-2.0
// fails: proof: an entry that leads to a table has bits besides V and PPN
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = with(directory, base_root, directory[base_root] | std::uint64_t{1} << 54);
static_assert(directory_claim<tables>());
