// SPDX-License-Identifier: Apache-2.0
// The registers of a UART in the machine's address space.
#pragma once

#include <cstdint>

#include "arch/mmio.hpp"
#include "core/description.hpp"

namespace mullion::arch::uart {

class MappedRegisters {
 public:
    explicit constexpr MappedRegisters(const Board::Console& console) : console_(console) {}

    std::uint8_t load(unsigned number) const {
        return console_.io_width == 4 ? static_cast<std::uint8_t>(arch::load<std::uint32_t>(at(number)))
                                      : arch::load<std::uint8_t>(at(number));
    }
    void store(unsigned number, std::uint8_t value) const {
        console_.io_width == 4 ? arch::store<std::uint32_t>(at(number), value)
                               : arch::store<std::uint8_t>(at(number), value);
    }

 private:
    constexpr Hpa at(unsigned number) const { return console_.base + (std::uint64_t{number} << console_.reg_shift); }

    const Board::Console& console_;
};

}  // namespace mullion::arch::uart
