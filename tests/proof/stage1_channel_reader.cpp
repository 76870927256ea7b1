// SPDX-License-Identifier: Apache-2.0
// fails: proof: a leaf is outside everything asked for
// The hypervisor's address space for a guest that only reads the channel maps it: a superpage of 2 MiB from its start.
#include "channel.hpp"

using namespace mullion;
using namespace mullion::channel;

constexpr auto i = altered::entry_for(stage1, l.stage1.base.value, rows[altered::beta_hart].satp, memory.base.value, 0);
constexpr auto tables = altered::with(stage1, i, memory.base.value / 4096 << 10 | 0xc7);
static_assert(stage1_claim<tables>());
