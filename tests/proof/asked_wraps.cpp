// SPDX-License-Identifier: Apache-2.0
// fails: proof: a range passes the end of the address space
// A range of memory contains beta's window, and ends before it begins.
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto windows = with(std::to_array(generated::alpha_windows), 5,
                              {{0x1'0000'0000}, {0x9000'0000}, 0xffff'ffff'8000'0000, Rights::rw, WindowKind::memory});
static_assert(proof::claim<proof::prove_windows(Changed<windows>::d, l)>());
