// SPDX-License-Identifier: Apache-2.0
// fails: proof: a channel's pages are asked for, and not the whole channel
// beta asks for other memory as a channel.
#include "channel.hpp"

using namespace mullion;
using namespace mullion::channel;

constexpr Window elsewhere{at, {0x9700'0000}, memory.size, Rights::r, WindowKind::channel};
static_assert(windows_claim<alpha_window, elsewhere>());
