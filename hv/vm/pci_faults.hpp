// SPDX-License-Identifier: Apache-2.0
// Decides what follows when the IOMMU refuses accesses of PCI functions. A function's first in a life of its guest is
// told. One that goes on in numbers loses its DMA: what a guest has a function do costs others an interrupt a second at
// most.
#pragma once

#include <array>
#include <cstdint>
#include <utility>

#include "core/description.hpp"

namespace mullion {

/// What was refused to the functions of bus 0, by their numbers. Requires: callers hold a lock.
class PciFaults {
 public:
    static constexpr std::uint32_t many = 100;  ///< in a second; in two seconds on end they are too many

    struct Row {
        std::uint64_t refused = 0;  ///< in this life of its guest
        std::uint32_t recent = 0;   ///< since the last settle()
        bool had_many = false;      ///< before the last settle()
        bool is_told = false;       ///< that there was one
        bool is_ended = false;      ///< its DMA, until the next life
    };

    constexpr const Row& operator[](std::uint8_t number) const { return rows_[number]; }

    constexpr void note(const PciFunction& function) {
        auto& row = rows_[function.number];
        ++row.refused;
        ++row.recent;
    }

    constexpr void begin_life(const PciFunction& function) { rows_[function.number] = {}; }

    enum class Step : std::uint8_t {
        nothing,
        tell,
        end,
        end_again,  ///< a hart of its guest may have been about to turn it on
    };

    /// Returns what is to be done about the function. Once a second, after records were taken; `lost` says that there
    /// were more than there was room for.
    constexpr Step settle(const PciFunction& function, bool lost) {
        auto& row = rows_[function.number];
        const auto recent = std::exchange(row.recent, 0);
        const bool has_many = recent >= many || (recent != 0 && lost);
        const bool had_many = std::exchange(row.had_many, has_many);
        if (recent == 0) {
            return Step::nothing;
        }
        if (has_many && had_many) {
            return std::exchange(row.is_ended, true) ? Step::end_again : Step::end;
        }
        return std::exchange(row.is_told, true) ? Step::nothing : Step::tell;
    }

 private:
    std::array<Row, 256> rows_{};
};

}  // namespace mullion
