// SPDX-License-Identifier: Apache-2.0
// Reads what the console sends, byte by byte, and holds it against the list of what a tagged line may have in it
// (docs/interface.md, "The console"). It shares no code with the console, and asks no terminal: what it lets pass keeps
// to the right of the tag on every terminal of 40 columns and more.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mullion::console_test {

/// What ends the zoom of a guest, whole and unmistakable; as docs/interface.md has it.
extern const std::string_view zoom_end;

/// `row`: the bytes between two newlines of the stream, or those after the last. What is wrong with it, if anything is.
std::optional<std::string> complaint_about(std::string_view row);

}  // namespace mullion::console_test
