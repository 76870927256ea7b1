// SPDX-License-Identifier: Apache-2.0
// fails: proof: a page that is not a guest's to have is asked for
// The channel is the firmware's memory.
#include "channel.hpp"

using namespace mullion;
using namespace mullion::channel;

constexpr Window firmware{at, {0x8000'0000}, memory.size, Rights::r, WindowKind::channel};
static_assert(windows_claim<alpha_window, firmware>());
