// SPDX-License-Identifier: Apache-2.0
// fails: proof: a channel's pages are asked for, and not the whole channel
// alpha asks for the page behind the channel, too.
#include "channel.hpp"

using namespace mullion;
using namespace mullion::channel;

constexpr Window longer{at, memory.base, memory.size + 0x1000, Rights::r, WindowKind::channel};
static_assert(windows_claim<longer, beta_window>());
