// SPDX-License-Identifier: Apache-2.0
// fails: proof: a device context has bits that must be zero
// The function may send translated requests (EN_ATS), which the IOMMU does not judge.
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto tables = with(directory, extended_context(0x10), 1 | 1 << 1);
static_assert(directory_claim<tables>());
