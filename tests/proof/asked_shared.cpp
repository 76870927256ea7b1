// SPDX-License-Identifier: Apache-2.0
// fails: proof: two guests ask for one page
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto windows = with(std::to_array(generated::alpha_windows), 3,
                              {{0x8000'0000}, {0x947f'f000}, 0x1000, Rights::rw, WindowKind::memory});
static_assert(proof::claim<proof::prove_windows(Changed<windows>::d, l)>());
