// SPDX-License-Identifier: Apache-2.0
// The console as the rest of the hypervisor knows it, whichever terminal it has (console.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/description.hpp"
#include "vm/console_action.hpp"
#include "vm/console_channel.hpp"
#include "vm/console_own_lines.hpp"
#include "vm/console_tags.hpp"

namespace mullion {

/// Requires these locks:
/// - finish_line(), as OutputChannel::put() and take_news(): the guest's device lock.
/// - print(), tell() and leave_out(): the lock of Mullion's own lines.
/// - input() and greet(): that one and the console lock.
/// - focus(), has_left_out() and leave_zoom(): none.
/// - everything else: the console lock.
/// After print(), tell() and input(), and when a channel has news, the caller calls move_on(), and again at the time
/// which that returns.
class AnyConsole {
 public:
    AnyConsole(const AnyConsole&) = delete;
    AnyConsole& operator=(const AnyConsole&) = delete;

    /// Ends the line that `guest` left unfinished, if there is one, so that the next life begins on a line of its own.
    void finish_line(std::size_t guest) { channels_[guest].finish_line(); }

    /// Print lines of Mullion's own (OwnLines). tell() is for notices about a guest, and returns false if too many
    /// wait.
    void print(std::string_view line) { own_lines_.print(line); }
    bool tell(std::size_t guest, std::string_view line) { return own_lines_.tell(guest, line); }
    /// Counts a notice that tell() refused; the count is printed when there is room again.
    void leave_out(std::size_t guest) { own_lines_.leave_out(guest); }
    bool has_left_out(std::size_t guest) const { return channels_[guest].notices().has_left_out(); }
    /// Prints the first lines after boot.
    virtual void greet() = 0;

    /// Sends output, as far as the UART has room and a bound allows.
    virtual void pump() = 0;
    /// Pumps on behalf of one channel, and returns when to call again without other reasons (ticks). May be called any
    /// time: an owner that has moved bytes of others rests, so that it moves a bounded number of them in 0.5 ms.
    virtual std::optional<std::uint64_t> move_on(std::size_t owner) = 0;

    /// Handles a byte from the terminal.
    virtual ConsoleAction input(std::uint8_t byte) = 0;
    /// Returns the guest that has the input, the first one after boot.
    virtual std::size_t focus() const = 0;
    /// Ends zoom at the next pump().
    virtual void leave_zoom() = 0;
    /// Restores the terminal for others at the next pump(), as the machine ends.
    virtual void leave_terminal() = 0;

    /// Returns whether everything that zoom does not hide was sent, with unfinished lines.
    virtual bool is_idle() const = 0;

 protected:
    /// Requires: `channels` has one for each guest, at least one, and then one for Mullion's own lines.
    constexpr AnyConsole(const Description& machine, std::span<OutputChannel> channels)
        : channels_(channels), tags_(machine.guests, machine.color), own_lines_(tags_, channels, machine.hint) {}
    ~AnyConsole() = default;

    std::span<OutputChannel> channels_;
    Tags tags_;
    OwnLines own_lines_;
};

}  // namespace mullion
