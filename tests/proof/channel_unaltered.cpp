// SPDX-License-Identifier: Apache-2.0
// compiles
#include "channel.hpp"
#include "core/check.hpp"

using namespace mullion;
using namespace mullion::channel;

static_assert(first_finding(d) == std::nullopt);
static_assert(windows_claim<alpha_window, beta_window>());
static_assert(stage2_claim<stage2>());
static_assert(stage1_claim<stage1>());
