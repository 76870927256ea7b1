// SPDX-License-Identifier: Apache-2.0
#include "owners.hpp"

#include <gtest/gtest.h>

#include "fixture.hpp"

namespace mullion::partc {
namespace {

/// Returns whether the two ranges do not meet, or one lies within the other.
bool nested(const HostRange& a, const HostRange& b) {
    return !a.overlaps(b) || a.contains(b.base, b.size) || b.contains(a.base, a.size);
}

TEST(OwnersTest, TakesAllOfTheMemoryAndNothingTwice) {
    const Workspace workspace{PARTC_TESTS};
    for (const auto* name : {"every-format", "crowded", "large", "unprotected-dma"}) {
        Diagnostics diagnostics;
        const auto described = describe(workspace.options(name), diagnostics);
        ASSERT_TRUE(described) << diagnostics.text();
        const auto pieces = pieces_of(*described);
        for (const auto& bank : described->model.board.ram) {
            auto at = bank.base;
            for (const auto& piece : pieces) {
                if (bank.contains(piece.range.base) && piece.range.end() > at) {
                    EXPECT_EQ(piece.range.base, at) << name << ": " << piece.name;
                    at = piece.range.end();
                }
            }
            EXPECT_EQ(at, bank.end()) << name;
        }
        for (const auto& piece : pieces) {
            for (const auto& other : pieces) {
                EXPECT_TRUE(nested(piece.range, other.range)) << name << ": " << piece.name << ", " << other.name;
            }
            EXPECT_EQ(piece.owner == PieceOwner::guest, piece.guest != nullptr && piece.window != nullptr);
        }
    }
}

}  // namespace
}  // namespace mullion::partc
