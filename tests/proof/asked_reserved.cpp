// SPDX-License-Identifier: Apache-2.0
// fails: proof: a page that is not a guest's to have is asked for
// The page is that of the console's UART.
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto windows = with(std::to_array(generated::alpha_windows), 0,
                              {{0x0010'1000}, {0x1000'0000}, 0x1000, Rights::rw, WindowKind::device});
static_assert(proof::claim<proof::prove_windows(Changed<windows>::d, l)>());
