// SPDX-License-Identifier: Apache-2.0
// Runs programs: cpp and dtc.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mullion::partc {

struct Outcome {
    int status = 0;  ///< exit status; 127 if the command cannot be started, 128 and more if a signal ended it
    std::string out;
    std::string err;
};

/// Runs `command` (found through PATH) with `input` on its standard input and waits for its end.
Outcome run(const std::vector<std::string>& command, std::string_view input);

}  // namespace mullion::partc
