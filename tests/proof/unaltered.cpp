// SPDX-License-Identifier: Apache-2.0
// compiles
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

static_assert(stage2_claim<stage2>());
static_assert(stage1_claim<stage1>());
static_assert(directory_claim<directory>());
static_assert(proof::claim<proof::prove_windows(d, l)>());
static_assert(proof::claim<proof::prove_layout(d, l, stage1.size(), stage2.size())>());
