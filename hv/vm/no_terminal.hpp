// SPDX-License-Identifier: Apache-2.0
// Stands for the console's terminal where rooms/terminal.hpp is left out: the first guest has the input, there are no
// keys, and a line that others interrupted is drawn again once there is more of it, and not before.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "vm/console_action.hpp"
#include "vm/console_port.hpp"

namespace mullion {

template <ConsolePort P>
class NoTerminal {
 public:
    constexpr explicit NoTerminal(auto&...) {}

    static constexpr std::string_view help_key{};

    std::size_t focus() const { return 0; }
    ConsoleAction input(std::uint8_t byte) { return {ConsoleAction::Kind::text, focus(), byte}; }

    void leave_zoom() {}
    void end_zoom_if_asked() {}
    bool is_zoomed() const { return false; }
    bool is_hidden(std::size_t) const { return false; }
    bool wants_change() const { return false; }
    std::optional<std::size_t> zoom_waits() const { return std::nullopt; }
    bool change() { return false; }

    bool is_at_bottom(std::size_t) const { return false; }
    bool comes_again(std::size_t, std::size_t) const { return false; }
    void was_closed(std::size_t, bool, std::uint32_t) {}
    void has_ended(std::size_t) {}
};

}  // namespace mullion
