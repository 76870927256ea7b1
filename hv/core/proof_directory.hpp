// SPDX-License-Identifier: Apache-2.0
// Proves the device directory from its computed words.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/description.hpp"
#include "core/layout.hpp"
#include "core/proof_verdict.hpp"

namespace mullion::proof {

/// Proves that no device's DMA reaches memory: whatever its id, the walk from the root, a page of entries, ends there
/// (RISC-V IOMMU, "Non-leaf DDT entry": V is bit 0). No other bit is set, so that a root that is taken for a page of
/// device contexts, in either of their formats, has no valid one.
template <std::size_t Words>
constexpr ProofResult prove_directory(const Board& board, const Layout& l,
                                      const std::array<std::uint64_t, Words>& words) {
    const auto size = board.iommu.size == 0 ? 0 : Words * 8;
    if (l.directory.size != size || Words != 512) {
        return {Verdict::layout, 0, l.directory.base.value};
    }
    for (std::size_t i = 0; i < Words; ++i) {
        if (words[i] != 0) {
            return {(words[i] & 1) != 0 ? Verdict::device_let_through : Verdict::stray_bits, i, words[i]};
        }
    }
    return {};
}

}  // namespace mullion::proof
