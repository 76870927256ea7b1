// SPDX-License-Identifier: Apache-2.0
// fails: proof: a leaf is outside everything asked for
// Memory from 2^38 on is mapped by an entry that the MMU reads only for addresses of the upper half.
#include "altered.hpp"

using namespace mullion;
using namespace mullion::altered;

constexpr auto windows = with(std::to_array(generated::alpha_windows), 5,
                              {{0x1'0000'0000}, {0x40'0000'0000}, 0x4000'0000, Rights::rwx, WindowKind::memory});
constexpr auto& high = Changed<windows>::d;
constexpr auto tables = build_stage1<stage1_size(high) / 8>(high, layout_of(high));
static_assert(proof::claim<proof::prove_stage1<proof::own_limit(high)>(high, layout_of(high), tables,
                                                                       boot_rows<4>(high, layout_of(high)))>());
