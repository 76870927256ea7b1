// SPDX-License-Identifier: Apache-2.0
// Walks page tables as the MMU does, over every entry that an access could use (privileged manual, "Virtual Address
// Translation Process" and, for the G-stage, "Guest Physical Address Translation").
#pragma once

#include <cstdint>
#include <vector>

#include "image.hpp"
#include "mismatch.hpp"

namespace mullion::audit {

enum class Stage : std::uint8_t { hypervisor, guest };

/// The root table that satp or hgatp selects.
struct Root {
    Stage stage = Stage::hypervisor;
    std::uint64_t table = 0;
    unsigned levels = 0;
};

/// An entry that ends a walk. If it is not `sound`, accesses behave differently on different harts, or their behaviour
/// is not defined; a mismatch reports it.
struct Leaf {
    std::uint64_t at = 0;
    std::uint64_t to = 0;
    std::uint64_t size = 0;
    std::uint8_t rights = 0;
    bool sound = true;
    TableEntry entry;

    bool operator==(const Leaf&) const = default;
};

struct Walk {
    std::vector<Leaf> leaves;  ///< in ascending order of `at`
    std::vector<Mismatch> mismatches;
};

Walk walk(const Image& image, const Root& root);

}  // namespace mullion::audit
