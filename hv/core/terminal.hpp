// SPDX-License-Identifier: Apache-2.0
// What the console itself tells the terminal, beside text: how a tagged line is drawn, and the modes that it needs.
// Sequences are ECMA-48's; modes with `?` are DEC's, as xterm's "Control Sequences" lists them.
#pragma once

#include <string_view>

namespace mullion::terminal {

inline constexpr std::string_view plain_rendition = "\x1b[0m";
inline constexpr std::string_view erase_to_end = "\x1b[K";

/// Tagged lines must not go on in the first column of the next row (DECAWM). What is longer is cut off at the edge.
inline constexpr std::string_view wrap_off = "\x1b[?7l";
/// As people expect of a terminal: while a guest is zoomed, and when the machine ends.
inline constexpr std::string_view wrap_on = "\x1b[0m\x1b[?7h";

/// Whatever a zoomed guest was in the middle of ends: strings by CAN or ST, and colours.
inline constexpr std::string_view interrupted = "\x18\x1b\\\x1b[0m";

/// After a guest had the terminal to itself, whatever it did: strings and VT52 mode end; UTF-8 and the usual character
/// sets; the normal screen with its text; no margins, no origin mode, no insertion; keys, mouse and paste as usual; the
/// cursor visible, in the last row, where the next line scrolls nothing out that is not on its way anyway. Each mode by
/// itself: some terminals read one parameter.
inline constexpr std::string_view after_zoom =
    "\x18\x1b\\\x1b<\x1b F\x1b%G\x0f\x1b(B\x1b)B\x1b>\x1b[!p\x1b[4l\x1b[20l"
    "\x1b[?1l\x1b[?5l\x1b[?6l\x1b[?7l\x1b[?9l\x1b[?45l\x1b[?47l\x1b[?66l\x1b[?69l\x1b[?1000l\x1b[?1001l"
    "\x1b[?1002l\x1b[?1003l\x1b[?1004l\x1b[?1005l\x1b[?1006l\x1b[?1015l\x1b[?1016l\x1b[?1047l\x1b[?2004l"
    "\x1b[?2026l\x1b[?2031l\x1b[?2048l\x1b[2l\x1b[12h"
    "\x1b[<99u\x1b[>4m\x1b[?25h\x1b[0\"q\x1b[r\x1b[0m\x1b[999;1H\r\n";

}  // namespace mullion::terminal
