// SPDX-License-Identifier: Apache-2.0
// Notices a hart that does nothing but fault, for instance because its own trap handler faults. It counts faults in a
// row with hardly any other exits between them; time would say little, as harts differ in speed.
#pragma once

#include <cstdint>

namespace mullion {

/// Requires: only its own hart uses it.
class FaultWatch {
 public:
    static constexpr std::uint64_t batch = 32'768;              ///< faults between two calls of look()
    static constexpr std::uint64_t others_allowed = batch / 8;  ///< other exits among them, alarms for instance

    /// Counts a fault, and returns whether to call look().
    constexpr bool count() { return ++faults_ % batch == 0; }

    /// Returns the number of faults in a row if it is to be printed: after the first batch, and each time that it has
    /// doubled; otherwise 0. `others` is how many other exits the hart has had.
    constexpr std::uint64_t look(std::uint64_t others) {
        in_a_row_ = others - others_ <= others_allowed ? in_a_row_ + batch : 0;
        others_ = others;
        const bool is_power_of_two = (in_a_row_ & (in_a_row_ - 1)) == 0;
        return is_power_of_two ? in_a_row_ : 0;
    }

 private:
    std::uint64_t faults_ = 0;
    std::uint64_t in_a_row_ = 0;
    std::uint64_t others_ = 0;
};

}  // namespace mullion
