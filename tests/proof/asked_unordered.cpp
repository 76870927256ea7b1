// SPDX-License-Identifier: Apache-2.0
// fails: proof: windows are not whole pages in ascending order
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto windows = with(std::to_array(generated::alpha_windows), 3,
                              {{0x9000'0000}, {0x9000'0000}, 0x1000, Rights::rw, WindowKind::memory});
static_assert(proof::claim<proof::prove_windows(Changed<windows>::d, l)>());
