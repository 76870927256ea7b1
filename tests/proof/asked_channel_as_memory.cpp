// SPDX-License-Identifier: Apache-2.0
// fails: proof: a channel's pages are asked for, and not the whole channel
// alpha asks for the channel as memory of its own.
#include "channel.hpp"

using namespace mullion;
using namespace mullion::channel;

constexpr Window own{at, memory.base, memory.size, Rights::rwx, WindowKind::memory};
static_assert(windows_claim<own, beta_window>());
