// SPDX-License-Identifier: Apache-2.0
// fails: proof: a leaf leads to another guest's page
// Behind the channel is a page of beta's memory.
#include "channel.hpp"

using namespace mullion;
using namespace mullion::channel;

constexpr auto i = stage2_entry(altered::alpha_hart);
constexpr auto tables = altered::with(stage2, i + 2, (stage2[i] & 0x3ff) | std::uint64_t{0x9400'0000} / 4096 << 10);
static_assert(stage2_claim<tables>());
