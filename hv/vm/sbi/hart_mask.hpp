// SPDX-License-Identifier: Apache-2.0
// A hart mask: bit i of `bits` names hart `base + i`; base -1 names every hart of the guest (SBI, "Hart list
// parameter").
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/sbi_numbers.hpp"
#include "vm/vcpu.hpp"

namespace mullion {

struct HartMask {
    std::uint64_t bits = 0;
    std::uint64_t base = 0;

    /// Returns whether a guest of `count` harts has every named hart. A mask that names none is valid with any base.
    constexpr bool valid_for(std::size_t count) const {
        if (base == sbi_all_harts || bits == 0) {
            return true;
        }
        return base < count && (count - base >= 64 || bits >> (count - base) == 0);
    }

    /// Returns whether `bits` name that hart and no other. False for base -1.
    constexpr bool is_only(std::uint64_t hart) const {
        return base <= hart && hart - base < 64 && bits == std::uint64_t{1} << (hart - base);
    }

    /// Calls `visit(VCpu&)` for each named hart, in ascending order. Requires: valid_for(). (Not std::countr_zero,
    /// which without Zbb is a call into libgcc.)
    template <class Visit>
    void for_each(std::span<VCpu> harts, Visit visit) const {
        if (base == sbi_all_harts) {
            for (auto& vcpu : harts) {
                visit(vcpu);
            }
            return;
        }
        auto id = base;
        for (auto left = bits; left != 0; left >>= 1, ++id) {
            if ((left & 1) != 0) {
                visit(harts[id]);
            }
        }
    }
};

}  // namespace mullion
