// SPDX-License-Identifier: Apache-2.0
// The modes of the terminal that the console needs, and gives back.
#pragma once

#include <string_view>
#include <utility>

#include "core/terminal_sequences.hpp"

namespace mullion {

/// Requires: the console lock.
class ConsoleModes {
 public:
    /// Sets the terminal up for tagged lines.
    void take() { wanted_ = sequences::wrap_off; }
    /// Restores the terminal for others, as the machine ends.
    void let_go() { wanted_ = sequences::wrap_on; }

    bool is_to_be_told() const { return !wanted_.empty(); }
    /// Returns what the terminal is to be told, once.
    std::string_view tell() { return std::exchange(wanted_, {}); }

 private:
    std::string_view wanted_;
};

}  // namespace mullion
