// SPDX-License-Identifier: Apache-2.0
// Lists what a guest may write to leave its line, to swallow others' lines, or to make the terminal do something.
#pragma once

#include <span>
#include <string_view>

namespace mullion::console_test {

struct Attack {
    std::string_view kind;
    std::string_view bytes;  ///< may contain NUL
};

/// Sequences of ECMA-48, of DEC's terminals and of xterm and its kin, whole and in pieces; odd UTF-8; and text that
/// looks like the lines of others.
std::span<const Attack> attacks();

}  // namespace mullion::console_test
