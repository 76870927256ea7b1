// SPDX-License-Identifier: Apache-2.0
// Traces one guest physical address through a G-stage tree, entry by entry as the hart reads them, for reports
// (privileged manual, "Guest Physical Address Translation").
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/address.hpp"
#include "core/pte.hpp"

namespace mullion {

struct TraceStep {
    unsigned level = 0;       ///< 0: entries map 4 KiB pages
    std::uint64_t index = 0;  ///< in its table
    Hpa at;                   ///< the entry's address
    std::uint64_t entry = 0;

    constexpr bool is_leaf() const { return (entry & pte::V) != 0 && (entry & (pte::R | pte::W | pte::X)) != 0; }
    constexpr bool is_table() const { return (entry & pte::V) != 0 && !is_leaf(); }
};

class Stage2Trace {
 public:
    /// Walks from `hgatp`. `load(Hpa)` returns the doubleword there.
    template <class Load>
    constexpr Stage2Trace(std::uint64_t hgatp, Gpa address, Load load) {
        constexpr std::uint64_t root_ppn = (std::uint64_t{1} << 44) - 1;
        constexpr std::uint64_t root_entries = 4 * pte::entries;
        const auto levels = static_cast<unsigned>(hgatp >> 60) - 5;  // Sv39x4 is mode 8
        if (levels < 3 || levels > steps_.size() || address.value >> pte::shift(levels - 1) >= root_entries) {
            return;
        }
        Hpa table{(hgatp & root_ppn) << 12};
        for (unsigned level = levels; level-- > 0;) {
            const auto within = level + 1 == levels ? root_entries : pte::entries;
            const auto index = address.value >> pte::shift(level) & (within - 1);
            const auto at = table + index * sizeof(std::uint64_t);
            auto& step = steps_[size_++] = {level, index, at, load(at)};
            if (step.is_leaf()) {
                const auto size = std::uint64_t{1} << pte::shift(level);
                target_ = Hpa{pte::target(step.entry)} + (address.value & (size - 1));
                return;
            }
            if (!step.is_table()) {
                return;
            }
            table = {pte::target(step.entry)};
        }
    }

    /// Returns the entries on the way; none if the address is too wide for the tree.
    constexpr std::span<const TraceStep> steps() const { return std::span{steps_}.first(size_); }
    /// Returns the host address, nothing if no leaf maps the guest's address.
    constexpr std::optional<Hpa> target() const { return target_; }

 private:
    std::array<TraceStep, 5> steps_{};
    std::size_t size_ = 0;
    std::optional<Hpa> target_;
};

}  // namespace mullion
