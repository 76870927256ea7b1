// SPDX-License-Identifier: Apache-2.0
// Reads what the console sends, byte by byte, and compares it with the list of what a tagged line may contain
// (docs/interface.md, "The console"). It shares no code with the console and uses no terminal. What it accepts stays to
// the right of the tag on every terminal of at least 40 columns.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mullion::console_test {

/// The whole sequence that ends the zoom of a guest (docs/interface.md).
extern const std::string_view zoom_end;

/// Returns what is wrong with a row, the bytes between two newlines of the stream or after the last one; nothing if it
/// is right.
std::optional<std::string> complaint_about(std::string_view row);

}  // namespace mullion::console_test
