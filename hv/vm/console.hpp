// SPDX-License-Identifier: Apache-2.0
// Multiplexes all consoles on the one physical UART, as tagged lines. The next line is chosen only when one is
// complete, so lines of two guests never mix. Redrawing, zoom and keys are in rooms/terminal.hpp.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/description.hpp"
#include "vm/any_console.hpp"
#include "vm/console_action.hpp"
#include "vm/console_channel.hpp"
#include "vm/console_modes.hpp"
#include "vm/console_pace.hpp"
#include "vm/console_port.hpp"
#include "vm/console_screen.hpp"
#include "vm/console_turns.hpp"

namespace mullion {

/// `T`, a class template over the port, is what the operator has of it: Terminal (rooms/terminal.hpp), or NoTerminal.
template <ConsolePort P, template <class> class T>
class Console final : public AnyConsole {
 public:
    /// The most bytes that one pump() handles, sent or filtered out; it bounds what an exit pays for the output of
    /// others.
    static constexpr std::size_t pump_limit = 256;

    /// Requires: `channels` is as AnyConsole wants it.
    constexpr Console(P& port, const Description& machine, std::span<OutputChannel> channels)
        : AnyConsole(machine, channels),
          port_(port),
          pace_(machine.board.timebase_frequency),
          turns_(channels, own_lines_, machine.board.timebase_frequency / 100) {}

    [[gnu::cold]] void greet() override {
        modes_.take();
        own_lines_.greet(T<P>::help_key, focus());
    }

    /// These handle at most `pump_limit` bytes.
    void pump() override { pump(tags_.own()); }
    std::optional<std::uint64_t> move_on(std::size_t owner) override {
        auto& channel = channels_[owner];
        const auto now = port_.now();
        if (now < channel.rests_until()) {
            return channel.rests_until();
        }
        channel.rest_until(now + pace_.rest_after(pump(owner), pump_limit));
        return deadline(owner);
    }

    /// Returns when move_on(owner) is due without other reasons (ticks). Each owner cares for its own channel, and for
    /// a line that was taken off the screen for its output. Channels hidden by zoom are Mullion's to care for.
    [[gnu::cold]] std::optional<std::uint64_t> deadline(std::size_t owner) const {
        if (terminal_.is_hidden(owner)) {
            return channels_[owner].is_crowded() ? std::optional{pace_.again_at()} : std::nullopt;
        }
        if (has_backlog_ && has_more(owner)) {
            return pace_.again_at();
        }
        std::optional<std::uint64_t> at;
        for (std::size_t i = 0; i < channels_.size(); ++i) {
            const bool was_hidden = owner == tags_.own() && channels_[i].is_left();
            if (channels_[i].unseen() == 0 || terminal_.is_hidden(i) ||
                (i != owner && !terminal_.is_at_bottom(i) && !was_hidden)) {
                continue;
            }
            if (has_backlog_ && was_hidden) {
                return pace_.again_at();
            }
            const auto due = channels_[i].deadline();
            at = due ? std::min(at.value_or(*due), *due) : at;
        }
        return at && has_backlog_ ? std::max(*at, pace_.again_at()) : at;
    }

    [[gnu::cold]] ConsoleAction input(std::uint8_t byte) override { return terminal_.input(byte); }
    std::size_t focus() const override { return terminal_.focus(); }
    void leave_zoom() override { terminal_.leave_zoom(); }
    void leave_terminal() override { modes_.let_go(); }

    [[gnu::cold]] bool is_idle() const override {
        if (screen_.has_output() || wants_change()) {
            return false;
        }
        for (std::size_t owner = 0; owner < channels_.size(); ++owner) {
            const bool seen = screen_.is_open(owner) ? screen_.is_dry() : channels_[owner].unseen() == 0;
            if (!seen && !terminal_.is_hidden(owner)) {
                return false;
            }
        }
        return true;
    }

 private:
    /// Sends output, and returns how many steps (bytes sent or filtered out) were for other channels than `owner`.
    std::size_t pump(std::size_t owner) {
        terminal_.end_zoom_if_asked();
        bound_hidden(owner);
        std::size_t room = 0, done = 0, for_others = 0;
        for (has_backlog_ = true; done != pump_limit;) {
            const auto bytes = ready();
            std::size_t steps = 1;
            if (!bytes.empty()) {
                room = room != 0 ? room : port_.room();
                if (room == 0) {
                    break;
                }
                steps = std::min({bytes.size(), room, pump_limit - done});
                port_.send(bytes.first(steps));
                screen_.take(steps);
                room -= steps;
            } else if (!compose()) {
                has_backlog_ = false;
                break;
            }
            done += steps;
            for_others += screen_.is_open() && !screen_.is_open(owner) ? steps : 0;
        }
        pace_.look(done != 0 || !has_backlog_, port_.now());
        return for_others;
    }

    /// Returns whether the terminal is to show something else, or to be told its modes; both without output before it.
    bool wants_change() const { return terminal_.wants_change() || modes_.is_to_be_told(); }

    /// Returns the output to send before the next compose().
    std::span<const std::uint8_t> ready() const {
        const bool may_change = wants_change() && !screen_.has_output();
        return may_change ? std::span<const std::uint8_t>{} : screen_.ready();
    }

    /// Makes one step: handles a byte of the open line that is not plain, or changes to another line. Returns false if
    /// there is nothing to do.
    bool compose() {
        if (const auto zoomed = terminal_.zoom_waits()) {
            close_line(*zoomed);
            return true;
        }
        if (terminal_.change()) {
            return true;
        }
        if (modes_.is_to_be_told() && !terminal_.is_zoomed()) {
            screen_.tell_terminal(modes_.tell());
            return true;
        }
        if (screen_.is_open() && !screen_.is_dry()) {
            if (screen_.advance()) {
                end_turn(screen_.owner());
            }
            return true;
        }
        if (terminal_.is_zoomed()) {
            return false;
        }
        const auto next = turns_.pick(screen_.open_owner(), port_.now());
        if (!next) {
            return false;
        }
        if (screen_.is_open()) {
            close_line(*next);
        } else if (channels_[*next].unseen() == 0) {
            tell_what_was_left_out();
        } else {
            screen_.open(*next, channels_[*next], Screen::Style::tagged);
        }
        return true;
    }

    void end_turn(std::size_t owner) {
        turns_.end(owner);
        offer_room(owner);
        if (owner == tags_.own() && channels_[owner].head() == channels_[owner].tail()) {
            own_lines_.begin_round();
        }
        terminal_.has_ended(owner);
    }

    void offer_room(std::size_t owner) {
        if (channels_[owner].room_wanted()) {
            port_.room_again(owner);
        }
    }

    [[gnu::cold]] void tell_what_was_left_out() {
        turns_.end(tags_.own());
        own_lines_.begin_round();
        if (const auto guest = own_lines_.next_left_out()) {
            screen_.say(channels_[*guest].notices().take_left_out(), " more lines about ", tags_.name(*guest));
        }
    }

    /// Takes the unfinished line off the screen for `next`.
    [[gnu::cold]] void close_line(std::size_t next) {
        const auto owner = screen_.owner();
        const bool again = terminal_.comes_again(owner, next);
        turns_.end(owner);
        const auto end = screen_.close(again);
        if (!again) {
            offer_room(owner);
        }
        terminal_.was_closed(owner, again, end);
    }

    bool has_more(std::size_t owner) const {
        return screen_.has_output() || modes_.is_to_be_told() || (screen_.is_open(owner) && !screen_.is_dry()) ||
               turns_.has_more(owner);
    }

    /// Drops the oldest lines of a channel that zoom hides, before its producer has to wait.
    void bound_hidden(std::size_t owner) {
        if (terminal_.is_hidden(owner) && channels_[owner].is_crowded()) {
            channels_[owner].drop_oldest(pump_limit);
            offer_room(owner);
        }
    }

    P& port_;
    Pace pace_;
    Screen screen_{tags_};
    ConsoleModes modes_;
    Turns turns_;  ///< patience is half of the 20 ms in which a prompt must appear; the other half is the caller's
    T<P> terminal_{port_, tags_, channels_, screen_, turns_, own_lines_, modes_};

    bool has_backlog_ = false;  ///< the last pump() left output that could be sent
};

}  // namespace mullion
