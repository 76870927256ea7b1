// SPDX-License-Identifier: Apache-2.0
// Counts what became of the inputs. If none is accepted, nothing behind the parser was tried, which the log must show.
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <map>
#include <string>

namespace mullion::fuzz {

/// Prints all counts at the end of the program, a line for each: "tally: accepted 12".
class Tally {
 public:
    Tally() = default;
    Tally(const Tally&) = delete;
    Tally& operator=(const Tally&) = delete;
    ~Tally() {
        for (const auto& [what, count] : counts_) {
            fmt::print(stderr, "tally: {} {}\n", what, count);
        }
    }

    void count(const std::string& what) { ++counts_[what]; }

 private:
    std::map<std::string, unsigned long> counts_;
};

}  // namespace mullion::fuzz
