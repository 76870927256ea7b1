// SPDX-License-Identifier: Apache-2.0
// Bounds waits for the machine (core/wait.hpp) by time.
#pragma once

#include <cstdint>

#include "arch/csr.hpp"
#include "core/description.hpp"

namespace mullion::arch {

/// A time so many milliseconds away, on the board's time base. Called, it returns whether that has passed.
class Deadline {
 public:
    Deadline(const Board& board, std::uint64_t milliseconds)
        : at_(now() + (milliseconds % 1000 == 0 ? milliseconds / 1000 * board.timebase_frequency
                                                : milliseconds * board.timebase_frequency / 1000)) {}

    bool operator()() const { return now() > at_; }

 private:
    std::uint64_t at_;
};

}  // namespace mullion::arch
