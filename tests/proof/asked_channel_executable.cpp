// SPDX-License-Identifier: Apache-2.0
// fails: proof: rights are asked for that must never be given
#include "channel.hpp"

using namespace mullion;
using namespace mullion::channel;

constexpr Window executable{at, memory.base, memory.size, Rights::rx, WindowKind::channel};
static_assert(windows_claim<alpha_window, executable>());
