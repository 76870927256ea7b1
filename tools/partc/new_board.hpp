// SPDX-License-Identifier: Apache-2.0
// `partc board`: a board file from the device tree of a machine.
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

/// What could not be decided is in the messages and in the file; that is no error.
Result new_board(const NewBoardOptions& options);

}  // namespace mullion::partc
