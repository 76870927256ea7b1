// SPDX-License-Identifier: Apache-2.0
// fails: proof: a leaf is writable that was asked for without W
// beta only reads the channel.
#include "channel.hpp"

using namespace mullion;
using namespace mullion::channel;

constexpr auto tables =
    altered::with(stage2, stage2_entry(altered::beta_hart), stage2[stage2_entry(altered::beta_hart)] ^ 1 << 2);
static_assert(stage2_claim<tables>());
