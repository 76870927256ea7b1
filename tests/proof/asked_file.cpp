// SPDX-License-Identifier: Apache-2.0
// fails: proof: an interrupt file is asked for that is no own hart's
// The file is that of alpha's other hart.
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto windows = with(std::to_array(generated::alpha_windows), 1,
                              {{0x2800'0000}, {0x2800'3000}, 0x1000, Rights::rw, WindowKind::interrupt_file});
static_assert(proof::claim<proof::prove_windows(Changed<windows>::d, l)>());
