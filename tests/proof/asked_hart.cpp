// SPDX-License-Identifier: Apache-2.0
// fails: proof: a hart is two guests', or none of the board's
// Alpha's second hart is beta's, too.
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr std::array<std::uint32_t, 2> harts{3, 2};
static_assert(proof::claim<proof::prove_windows(Changed<generated::alpha_windows, harts>::d, l)>());
