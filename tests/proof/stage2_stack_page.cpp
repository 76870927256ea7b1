// SPDX-License-Identifier: Apache-2.0
// fails: proof: a guest's leaf leads to a page of the hypervisor
// The leaf for an interrupt file leads to the hypervisor's last page.
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = stage2_moved(beta_hart, 0x2800'0000, l.stacks.end().value - 4096);
static_assert(stage2_claim<tables>());
