// SPDX-License-Identifier: Apache-2.0
// compiles
#include "altered.hpp"

using namespace mullion::altered;

static_assert(stage2_claim<stage2>());
static_assert(stage1_claim<stage1>());
