// SPDX-License-Identifier: Apache-2.0
// fails: proof: a leaf is executable that was asked for without X
#include "channel.hpp"

using namespace mullion;
using namespace mullion::channel;

constexpr auto tables =
    altered::with(stage2, stage2_entry(altered::alpha_hart), stage2[stage2_entry(altered::alpha_hart)] ^ 1 << 3);
static_assert(stage2_claim<tables>());
