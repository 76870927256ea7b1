// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"

namespace mullion {
namespace {

constexpr auto& board = description.board;

static_assert(board.iommu.base == Hpa{0x500'0000} && board.iommu.size == 0x1000);
static_assert(board.kept.empty(), "it follows from the board's part");
static_assert(!description.guests[0].unprotected_dma);

}  // namespace
}  // namespace mullion
