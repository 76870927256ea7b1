// SPDX-License-Identifier: Apache-2.0
// fails: proof: a channel's pages are asked for, and not the whole channel
// alpha asks for a part of the channel.
#include "channel.hpp"

using namespace mullion;
using namespace mullion::channel;

constexpr Window shorter{at, memory.base, 0x1000, Rights::r, WindowKind::channel};
static_assert(windows_claim<shorter, beta_window>());
