// SPDX-License-Identifier: Apache-2.0
// Notices a hart that does nothing but fault, for instance because its own trap handler does. By counting, as a time
// says little about a hart: faults in a row, between which there is next to no other exit.
#pragma once

#include <cstdint>

namespace mullion {

/// Used by its own hart alone.
class FaultWatch {
 public:
    static constexpr std::uint64_t batch = 32'768;              ///< faults between two looks
    static constexpr std::uint64_t others_allowed = batch / 8;  ///< other exits among them, alarms for instance

    /// One more fault; whether it is time for look().
    constexpr bool count() { return ++faults_ % batch == 0; }

    /// `others` is how many other exits the hart has had. How many faults there were in a row, if this is to be told:
    /// after the first batch, and each time that their number has doubled. Otherwise 0.
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
