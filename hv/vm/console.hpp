// SPDX-License-Identifier: Apache-2.0
// All consoles on the one physical UART: which line comes next, what may stay at the bottom of the screen, who has the
// input, and what the keys do. Decisions are made line by line, so that lines of two guests are never mixed.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/description.hpp"
#include "core/terminal.hpp"
#include "core/text.hpp"
#include "vm/console_channel.hpp"
#include "vm/console_keys.hpp"
#include "vm/console_own_lines.hpp"
#include "vm/console_pace.hpp"
#include "vm/console_port.hpp"
#include "vm/console_screen.hpp"
#include "vm/console_tags.hpp"
#include "vm/console_turns.hpp"

namespace mullion {

/// put(), finish_line(), take_news() and room() are for a guest's own harts, one at a time (its lock); print(), tell(),
/// greet() and input() for one at a time (the lock of Mullion's own lines); input() and everything else for whoever
/// holds the console lock, but leave_zoom(), which anybody may call. After print(), tell(), input(), and put() if that
/// was news, the caller moves on, and again when that says.
template <ConsolePort P>
class Console {
 public:
    /// Bytes in one pump() at most, sent or shown nothing of, so that no exit pays for the backlog of others.
    static constexpr std::size_t pump_limit = 256;

    /// `channels`: one a guest, and after them one for Mullion's own lines. There is at least one guest.
    constexpr Console(P& port, const Description& machine, std::span<Channel> channels)
        : port_(port),
          channels_(channels),
          pace_(machine.board.timebase_frequency),
          tags_(machine.guests, machine.color),
          own_lines_(tags_, channels, machine.hint),
          turns_(channels, own_lines_, machine.board.timebase_frequency / 100) {}

    Console(const Console&) = delete;
    Console& operator=(const Console&) = delete;

    /// A byte that `guest` says. False: no room now; the port's room_again() follows.
    bool put(std::size_t guest, std::uint8_t byte) { return channels_[guest].put(byte); }
    /// True once after put() said something that is to be looked at.
    bool take_news(std::size_t guest) { return channels_[guest].take_news(); }

    /// Ends the line that `guest` left unfinished, if there is one and room for it. As for put().
    void finish_line(std::size_t guest) {
        if (channels_[guest].is_inside_line()) {
            put(guest, '\n');
        }
    }

    /// Bytes that put() takes for certain.
    std::size_t room(std::size_t guest) const { return channels_[guest].room(); }

    /// Lines of Mullion's own (OwnLines): any; about a guest, false if too many of those wait.
    void print(std::string_view line) { own_lines_.print(line); }
    bool tell(std::size_t guest, std::string_view line) { return own_lines_.tell(guest, line); }
    /// Counts one that could not be told; the count is, when there is room again.
    void leave_out(std::size_t guest) { own_lines_.leave_out(guest); }
    bool has_left_out(std::size_t guest) const { return channels_[guest].notices().has_left_out(); }
    /// The first lines after boot.
    [[gnu::cold]] void greet() {
        wanted_mode_ = terminal::wrap_off;
        own_lines_.greet(focus());
    }

    /// Sends what there is, as far as the UART has room and `pump_limit` allows.
    void pump() { pump(tags_.own()); }

    /// The same on behalf of one channel, as often as anybody likes: who has moved others' bytes on rests, so that
    /// these are no more than `pump_limit` in 0.5 ms. When that is due again without any other reason.
    std::optional<std::uint64_t> move_on(std::size_t owner) {
        auto& channel = channels_[owner];
        const auto now = port_.now();
        if (now < channel.rests_until()) {
            return channel.rests_until();
        }
        channel.rest_until(now + pace_.rest_after(pump(owner), pump_limit));
        return deadline(owner);
    }

    /// There is more to send than the last pump() could.
    bool waits() const { return waits_; }
    /// When pump() is due without any other reason (ticks): what the UART did not take, or an unfinished line.
    std::optional<std::uint64_t> deadline() const {
        return waits_ ? std::optional{pace_.again_at()} : turns_.unfinished_at();
    }

    /// The same for whoever pumps on behalf of one channel: others see to the others'. But who pumps draws the line
    /// again that had to go for what was pumped; and a hidden channel, or what was hidden, is Mullion's.
    [[gnu::cold]] std::optional<std::uint64_t> deadline(std::size_t owner) const {
        if (is_hidden(owner)) {
            return channels_[owner].is_crowded() ? std::optional{pace_.again_at()} : std::nullopt;
        }
        if (waits_ && has_more(owner)) {
            return pace_.again_at();
        }
        std::optional<std::uint64_t> at;
        for (std::size_t i = 0; i < channels_.size(); ++i) {
            const bool was_hidden = owner == tags_.own() && channels_[i].is_left();
            if (channels_[i].unseen() == 0 || is_hidden(i) || (i != owner && i != bottom_ && !was_hidden)) {
                continue;
            }
            if (waits_ && was_hidden) {
                return pace_.again_at();
            }
            const auto due = channels_[i].deadline();
            at = due ? std::min(at.value_or(*due), *due) : at;
        }
        return at && waits_ ? std::max(*at, pace_.again_at()) : at;
    }

    /// A byte from the terminal.
    [[gnu::cold]] ConsoleAction input(std::uint8_t byte) {
        end_zoom_if_asked();
        const auto key = keys_.feed(byte);
        if (key.command == Key::Command::none) {
            return {};
        }
        if (key.command == Key::Command::text) {
            return {ConsoleAction::Kind::text, focus(), key.byte};
        }
        // Every key but a first `z` ends zoom: what it says must be seen.
        if (key.command == Key::Command::zoom && !zoom_wanted_) {
            zoom_wanted_ = focus();
        } else {
            zoom_wanted_.reset();
            wanted_mode_ = terminal::wrap_off;  // the terminal may have been reset, or be another one
        }
        return obey(key);
    }

    /// Shows what zoom hides, from the next pump() on.
    void leave_zoom() { zoom_over_.store(1, std::memory_order_relaxed); }

    /// The machine ends: the terminal is somebody else's after the next pump().
    void leave_terminal() { wanted_mode_ = terminal::wrap_on; }

    /// Everything that is not hidden by zoom was sent, unfinished lines too.
    [[gnu::cold]] bool is_idle() const {
        if (screen_.has_output() || !wanted_mode_.empty() || zoom_ != zoom_wanted_) {
            return false;
        }
        for (std::size_t owner = 0; owner < channels_.size(); ++owner) {
            const bool seen = screen_.is_open(owner) ? screen_.is_dry() : channels_[owner].unseen() == 0;
            if (!seen && !is_hidden(owner)) {
                return false;
            }
        }
        return true;
    }

    /// The guest that has the input; at first the first.
    std::size_t focus() const { return focus_.load(std::memory_order_relaxed); }

 private:
    [[gnu::cold]] ConsoleAction obey(Key key) {
        using Kind = ConsoleAction::Kind;
        switch (key.command) {
            case Key::Command::guest:
                if (key.byte <= tags_.own()) {
                    return focus_on(key.byte - 1u);
                }
                break;
            case Key::Command::next:
                return focus_on(focus() + 1 == tags_.own() ? 0 : focus() + 1);
            case Key::Command::help:
                own_lines_.help(focus());
                return {};
            case Key::Command::states:
                return {Kind::states, focus()};
            case Key::Command::line_break:
                return {Kind::line_break, focus()};
            case Key::Command::interrupt:
                return {Kind::interrupt, focus()};
            case Key::Command::restart:
                return {Kind::restart, focus()};
            case Key::Command::off:
                return {Kind::off, focus()};
            case Key::Command::machine_off:
                return {Kind::machine_off, focus()};
            case Key::Command::unknown:
                break;
            default:
                return {};
        }
        print("no such key or guest; Ctrl-] h help");
        return {};
    }

    [[gnu::cold]] ConsoleAction focus_on(std::size_t guest) {
        focus_.store(guest, std::memory_order_relaxed);
        print((Text{} << "input to " << tags_.name(guest)).view());
        if (screen_.is_open(guest)) {
            bottom_ = guest;
        } else {
            channels_[guest].hide();
            bring_to_bottom(guest, channels_[guest].head());
        }
        return {ConsoleAction::Kind::focus, guest};
    }

    /// How many steps, bytes that were sent or shown nothing of, were for another channel than `owner`.
    std::size_t pump(std::size_t owner) {
        end_zoom_if_asked();
        bound_hidden(owner);
        std::size_t room = 0, done = 0, for_others = 0;
        for (waits_ = true; done != pump_limit;) {
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
                waits_ = false;
                break;
            }
            done += steps;
            for_others += screen_.is_open() && !screen_.is_open(owner) ? steps : 0;
        }
        pace_.look(done != 0 || !waits_, port_.now());
        return for_others;
    }

    /// What is to be shown before the next compose().
    std::span<const std::uint8_t> ready() const {
        const bool may_change = (zoom_ != zoom_wanted_ || !wanted_mode_.empty()) && !screen_.has_output();
        return may_change ? std::span<const std::uint8_t>{} : screen_.ready();
    }

    /// One step: a byte of the open line that is not plain, or the change to another one. False: nothing to do.
    bool compose() {
        if (zoom_ != zoom_wanted_ && may_switch_zoom()) {
            switch_zoom();
            return true;
        }
        if (!wanted_mode_.empty() && !zoom_) {
            screen_.tell_terminal(std::exchange(wanted_mode_, {}));
            return true;
        }
        if (screen_.is_open() && !screen_.is_dry()) {
            if (screen_.advance()) {
                end_turn(screen_.owner());
            }
            return true;
        }
        if (zoom_) {
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
        if (bottom_ == owner) {
            bottom_.reset();
        } else if (bottom_ && channels_[*bottom_].head() == bottom_end_) {
            // To be drawn again without news: when the others are silent.
            bring_to_bottom(*bottom_, bottom_end_);
        }
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

    /// Takes the unfinished line off the screen for `next`. The bottom of the screen belongs to one unfinished line:
    /// the focus guest's if it has one, else the latest. That one comes again after whole lines of others, the focus
    /// guest's after anything; the others have been seen.
    [[gnu::cold]] void close_line(std::size_t next) {
        const auto owner = screen_.owner();
        const bool again = owner == focus() || (bottom_ != focus() && turns_.has_line(next));
        turns_.end(owner);
        const auto end = screen_.close(again);
        if (again) {
            bring_to_bottom(owner, end);
        } else {
            offer_room(owner);
            if (bottom_ == owner) {
                bottom_.reset();
            }
        }
    }

    /// Nothing of `owner`'s unfinished line is on the screen; if there is one (it was seen up to `end`), it comes.
    void bring_to_bottom(std::size_t owner, std::uint32_t end) {
        bottom_.reset();
        if (channels_[owner].unseen() > 0) {
            bottom_ = owner;
            bottom_end_ = end;
            turns_.wait_for_rest(owner, port_.now());
        }
    }

    bool has_more(std::size_t owner) const {
        return screen_.has_output() || !wanted_mode_.empty() || (screen_.is_open(owner) && !screen_.is_dry()) ||
               turns_.has_more(owner);
    }

    // --- zoom ---

    bool is_hidden(std::size_t owner) const { return zoom_ && owner != zoom_; }

    void end_zoom_if_asked() {
        zoom_wanted_ = zoom_over_.exchange(0, std::memory_order_relaxed) != 0 ? std::nullopt : zoom_wanted_;
    }

    /// In keeping with whole lines on the way in; on the way out at once.
    bool may_switch_zoom() const { return zoom_ || !screen_.is_open() || screen_.is_dry(); }

    /// Into zoom the unfinished line, most likely the prompt, is taken along; out of it, it comes again with its tag.
    [[gnu::cold]] void switch_zoom() {
        if (zoom_) {
            const auto owner = *std::exchange(zoom_, std::nullopt);
            bring_to_bottom(owner, screen_.leave_zoom());
            for (auto& channel : channels_) {
                channel.leave();
            }
            return;
        }
        if (screen_.is_open()) {
            close_line(*zoom_wanted_);
        }
        zoom_ = zoom_wanted_;
        turns_.forget_unfinished();
        screen_.say("Ctrl-] z leaves zoom of ", tags_.name(*zoom_));
        screen_.tell_terminal(terminal::wrap_on);
        screen_.open(*zoom_, channels_[*zoom_], Screen::Style::raw);
    }

    /// What zoom hides is kept in its channels; there the oldest lines go before the producer has to wait.
    void bound_hidden(std::size_t owner) {
        if (is_hidden(owner) && channels_[owner].is_crowded()) {
            channels_[owner].drop_oldest(pump_limit);
            offer_room(owner);
        }
    }

    P& port_;
    std::span<Channel> channels_;
    Pace pace_;
    Tags tags_;
    Screen screen_{tags_};
    Keys keys_;
    OwnLines own_lines_;
    Turns turns_;  ///< with half of the 20 ms within which a prompt appears; the rest is the caller's

    bool waits_ = false;            ///< there was more to send than the last pump() could
    std::string_view wanted_mode_;  ///< what the terminal is to be told

    std::atomic<std::size_t> focus_{0};  ///< has the input
    std::optional<std::size_t> bottom_;  ///< whose unfinished line belongs at the bottom of the screen
    std::uint32_t bottom_end_ = 0;       ///< position up to which it was seen
    std::optional<std::size_t> zoom_;    ///< whose bytes pass raw
    std::optional<std::size_t> zoom_wanted_;
    std::atomic<std::uint32_t> zoom_over_{0};
};

}  // namespace mullion
