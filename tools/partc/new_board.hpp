// SPDX-License-Identifier: Apache-2.0
// Implements `partc board`: writes a board file from the device tree of a machine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "describe.hpp"

namespace mullion::partc {

struct NewBoardOptions {
    std::string from;    ///< a flattened device tree
    std::string name;    ///< of the platform; empty: from the tree
    std::string output;  ///< the file to write; empty: dts/platform/NAME/platform.dtsi
    bool replace = false;
    std::optional<std::uint64_t> load_address;
};

/// Writes a board file. Undecided questions are in the messages and in the file; they are no errors.
Result new_board(const NewBoardOptions& options);

}  // namespace mullion::partc
