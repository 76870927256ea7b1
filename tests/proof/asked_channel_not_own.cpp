// SPDX-License-Identifier: Apache-2.0
// fails: proof: a channel's pages are asked for, and not the whole channel
// beta has the channel, and alpha asks for memory around it.
#include "channel.hpp"

using namespace mullion;
using namespace mullion::channel;

constexpr Window around{at, {0x95ff'f000}, 0x4000, Rights::rwx, WindowKind::memory};
static_assert(windows_claim<around, beta_window>());
