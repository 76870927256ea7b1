// SPDX-License-Identifier: Apache-2.0
// Lists the control sequences that the console itself sends to the terminal. They are ECMA-48's; modes with `?` are
// DEC's, as in xterm's "Control Sequences".
#pragma once

#include <string_view>

namespace mullion::sequences {

inline constexpr std::string_view plain_rendition = "\x1b[0m";
inline constexpr std::string_view erase_to_end = "\x1b[K";

/// Turns autowrap off (DECAWM): a tagged line that is longer than a row is cut off and does not continue in the next
/// row's first column.
inline constexpr std::string_view wrap_off = "\x1b[?7l";
/// Resets colours and turns autowrap on, as users expect: while a guest is zoomed, and when the machine ends.
inline constexpr std::string_view wrap_on = "\x1b[0m\x1b[?7h";

/// Ends whatever a zoomed guest was in the middle of: strings (by CAN and ST) and colours.
inline constexpr std::string_view interrupted = "\x18\x1b\\\x1b[0m";

/// Restores the terminal after a guest had it to itself, whatever that did: ends strings and VT52 mode; selects UTF-8
/// and the default character sets; the normal screen with its text; no margins, origin mode, insertion or printer;
/// default keys, mouse and paste; a visible cursor in the last row, where the next line scrolls as always. Modes are
/// set one by one, as some terminals read only the first parameter.
inline constexpr std::string_view after_zoom =
    "\x18\x1b\\\x1b<\x1b F\x1b%G\x0f\x1b(B\x1b)B\x1b>\x1b[!p\x1b[4l\x1b[20l\x1b[4i"
    "\x1b[?1l\x1b[?5l\x1b[?6l\x1b[?7l\x1b[?9l\x1b[?45l\x1b[?47l\x1b[?66l\x1b[?69l\x1b[?1000l\x1b[?1001l"
    "\x1b[?1002l\x1b[?1003l\x1b[?1004l\x1b[?1005l\x1b[?1006l\x1b[?1015l\x1b[?1016l\x1b[?1047l\x1b[?2004l"
    "\x1b[?2026l\x1b[?2031l\x1b[?2048l\x1b[2l\x1b[12h"
    "\x1b[<99u\x1b[>4m\x1b[?25h\x1b[0\"q\x1b[r\x1b[0m\x1b[999;1H\r\n";

}  // namespace mullion::sequences
