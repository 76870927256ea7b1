// SPDX-License-Identifier: Apache-2.0
// Audits an image: compares every hart's two trees of page tables with the description.
#pragma once

#include <string>
#include <vector>

#include "image.hpp"
#include "mismatch.hpp"
#include "requirements.hpp"
#include "walk.hpp"

namespace mullion::audit {

/// One tree of one hart: what it should reach and what it reaches.
struct Tables {
    std::uint64_t value = 0;  ///< of satp or hgatp
    std::vector<Piece> asked;
    std::vector<Leaf> reached;
};

struct HartReport {
    std::string hart;
    std::string guest;  ///< empty if it runs none
    Tables g_stage;
    Tables stage1;
};

struct Report {
    std::vector<HartReport> harts;  ///< guest after guest, then those without one
    std::vector<Mismatch> mismatches;
};

/// Audits all harts. Throws Error if the image cannot be understood.
Report audit(const Image& image, const Requirements& asked);

}  // namespace mullion::audit
