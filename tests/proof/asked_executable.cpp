// SPDX-License-Identifier: Apache-2.0
// fails: proof: rights are asked for that must never be given
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto windows = with(std::to_array(generated::alpha_windows), 0,
                              {{0x0010'1000}, {0x0010'1000}, 0x1000, Rights::rwx, WindowKind::device});
static_assert(proof::claim<proof::prove_windows(Changed<windows>::d, l)>());
