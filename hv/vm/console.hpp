// SPDX-License-Identifier: Apache-2.0
// Multiplexes all consoles on the one physical UART, as tagged lines. The next line is chosen only when one is
// complete, so lines of two guests never mix. Redrawing, zoom and keys are in console_terminal.hpp.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/description.hpp"
#include "vm/console_channel.hpp"
#include "vm/console_own_lines.hpp"
#include "vm/console_pace.hpp"
#include "vm/console_port.hpp"
#include "vm/console_screen.hpp"
#include "vm/console_tags.hpp"
#include "vm/console_terminal.hpp"
#include "vm/console_turns.hpp"

namespace mullion {

/// Requires these locks:
/// - put(), finish_line(), take_news() and room(): the guest's device lock.
/// - print(), tell() and greet(): the lock of Mullion's own lines.
/// - input(): that one and the console lock.
/// - leave_zoom(): none.
/// - everything else: the console lock.
/// After print(), tell(), input(), and put() with take_news(), the caller calls move_on(), and again at the time which
/// that returns.
template <ConsolePort P>
class Console {
 public:
    /// The most bytes that one pump() handles, sent or filtered out; it bounds what an exit pays for the output of
    /// others.
    static constexpr std::size_t pump_limit = 256;

    /// Requires: `channels` has one for each guest, at least one, and then one for Mullion's own lines.
    constexpr Console(P& port, const Description& machine, std::span<Channel> channels)
        : port_(port),
          channels_(channels),
          pace_(machine.board.timebase_frequency),
          tags_(machine.guests, machine.color),
          own_lines_(tags_, channels, machine.hint),
          turns_(channels, own_lines_, machine.board.timebase_frequency / 100) {}

    Console(const Console&) = delete;
    Console& operator=(const Console&) = delete;

    /// Takes a byte of `guest`. Returns false if there is no room now; the port's room_again() is called when there is.
    bool put(std::size_t guest, std::uint8_t byte) { return channels_[guest].put(byte); }
    /// Returns whether put() took something since the last call for which the caller has to move_on().
    bool take_news(std::size_t guest) { return channels_[guest].take_news(); }

    /// Ends the line that `guest` left unfinished, if there is one, and room.
    void finish_line(std::size_t guest) {
        if (channels_[guest].is_inside_line()) {
            put(guest, '\n');
        }
    }

    /// Returns how many bytes put() takes at least.
    std::size_t room(std::size_t guest) const { return channels_[guest].room(); }

    /// Print lines of Mullion's own (OwnLines). tell() is for notices about a guest, and returns false if too many
    /// wait.
    void print(std::string_view line) { own_lines_.print(line); }
    bool tell(std::size_t guest, std::string_view line) { return own_lines_.tell(guest, line); }
    /// Counts a notice that tell() refused; the count is printed when there is room again.
    void leave_out(std::size_t guest) { own_lines_.leave_out(guest); }
    bool has_left_out(std::size_t guest) const { return channels_[guest].notices().has_left_out(); }
    /// Prints the first lines after boot.
    [[gnu::cold]] void greet() {
        terminal_.take();
        own_lines_.greet(focus());
    }

    /// Sends output, as far as the UART has room and `pump_limit` allows.
    void pump() { pump(tags_.own()); }

    /// Pumps on behalf of one channel, and returns when to call again without other reasons (ticks). May be called any
    /// time: an owner that has moved bytes of others rests, so that it moves at most `pump_limit` of them in 0.5 ms.
    std::optional<std::uint64_t> move_on(std::size_t owner) {
        auto& channel = channels_[owner];
        const auto now = port_.now();
        if (now < channel.rests_until()) {
            return channel.rests_until();
        }
        channel.rest_until(now + pace_.rest_after(pump(owner), pump_limit));
        return deadline(owner);
    }

    /// Returns whether the last pump() left output that could be sent.
    bool has_backlog() const { return has_backlog_; }
    /// Returns when pump() is due without other reasons (ticks): for output that the UART did not take, or an
    /// unfinished line.
    std::optional<std::uint64_t> deadline() const {
        return has_backlog_ ? std::optional{pace_.again_at()} : turns_.unfinished_at();
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

    /// Handles a byte from the terminal.
    [[gnu::cold]] ConsoleAction input(std::uint8_t byte) { return terminal_.input(byte); }

    /// Ends zoom at the next pump().
    void leave_zoom() { terminal_.leave_zoom(); }

    /// Restores the terminal for others at the next pump(), as the machine ends.
    void leave_terminal() { terminal_.let_go(); }

    /// Returns whether everything that zoom does not hide was sent, with unfinished lines.
    [[gnu::cold]] bool is_idle() const {
        if (screen_.has_output() || terminal_.wants_change()) {
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

    /// Returns the guest that has the input, the first one after boot.
    std::size_t focus() const { return terminal_.focus(); }

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

    /// Returns the output to send before the next compose().
    std::span<const std::uint8_t> ready() const {
        const bool may_change = terminal_.wants_change() && !screen_.has_output();
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
        return screen_.has_output() || terminal_.has_mode_to_tell() || (screen_.is_open(owner) && !screen_.is_dry()) ||
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
    std::span<Channel> channels_;
    Pace pace_;
    Tags tags_;
    Screen screen_{tags_};
    OwnLines own_lines_;
    Turns turns_;  ///< patience is half of the 20 ms in which a prompt must appear; the other half is the caller's
    Terminal<P> terminal_{port_, tags_, channels_, screen_, turns_, own_lines_};

    bool has_backlog_ = false;  ///< the last pump() left output that could be sent
};

}  // namespace mullion
