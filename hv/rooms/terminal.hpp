// SPDX-License-Identifier: Apache-2.0
// Handles what the operator sees besides lines: keys, which guest has the input, zoom, and an unfinished line (usually
// a prompt) that is drawn again after others were printed.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "core/terminal_sequences.hpp"
#include "core/text.hpp"
#include "rooms/keys.hpp"
#include "vm/console_action.hpp"
#include "vm/console_channel.hpp"
#include "vm/console_modes.hpp"
#include "vm/console_own_lines.hpp"
#include "vm/console_port.hpp"
#include "vm/console_screen.hpp"
#include "vm/console_tags.hpp"
#include "vm/console_turns.hpp"

namespace mullion {

/// Requires: the console lock is held, for input() also that of Mullion's own lines; focus() and leave_zoom() need
/// none.
template <ConsolePort P>
class Terminal {
 public:
    constexpr Terminal(P& port, const Tags& tags, std::span<OutputChannel> channels, Screen& screen, Turns& turns,
                       OwnLines& own_lines, ConsoleModes& modes)
        : port_(port),
          tags_(tags),
          channels_(channels),
          screen_(screen),
          turns_(turns),
          own_lines_(own_lines),
          modes_(modes) {}

    static constexpr std::string_view help_key = "Ctrl-] h help";

    // --- input ---

    /// Returns the guest that has the input, the first one after boot.
    std::size_t focus() const { return focus_.load(std::memory_order_relaxed); }

    /// Handles a byte from the terminal.
    [[gnu::cold]] ConsoleAction input(std::uint8_t byte) {
        end_zoom_if_asked();
        const auto key = keys_.feed(byte);
        if (key.command == Key::Command::none) {
            return {};
        }
        if (key.command == Key::Command::text) {
            return {ConsoleAction::Kind::text, focus(), key.byte};
        }
        // Every key but a first `z` ends zoom, so that its answer is seen.
        if (key.command == Key::Command::zoom && !zoom_wanted_) {
            zoom_wanted_ = focus();
        } else {
            zoom_wanted_.reset();
            modes_.take();  // in case the terminal was reset or replaced
        }
        return obey(key);
    }

    // --- zoom ---

    void leave_zoom() { zoom_over_.store(1, std::memory_order_relaxed); }
    void end_zoom_if_asked() {
        zoom_wanted_ = zoom_over_.exchange(0, std::memory_order_relaxed) != 0 ? std::nullopt : zoom_wanted_;
    }

    bool is_zoomed() const { return zoom_.has_value(); }
    /// Returns whether zoom on another guest hides `owner`.
    bool is_hidden(std::size_t owner) const { return zoom_ && owner != zoom_; }

    // --- changes of what the terminal shows: each is a step of the console's, without output before it ---

    bool wants_change() const { return zoom_ != zoom_wanted_; }

    /// Returns the guest to zoom, if that only waits for the open line to be taken off the screen; change() then does
    /// it.
    std::optional<std::size_t> zoom_waits() const {
        return !zoom_ && zoom_wanted_ && screen_.is_open() && screen_.is_dry() ? zoom_wanted_ : std::nullopt;
    }

    /// Makes a pending change, and returns whether there was one. Zoom begins between lines and ends at once.
    bool change() {
        if (zoom_ != zoom_wanted_ && (zoom_ || !screen_.is_open())) {
            zoom_ ? end_zoom() : begin_zoom();
            return true;
        }
        return false;
    }

    // --- the bottom of the screen shows one unfinished line: the focus guest's if it has one, else the latest ---

    bool is_at_bottom(std::size_t owner) const { return owner == bottom_; }

    /// Returns whether `owner`'s unfinished line, which is taken off for `next`, will be drawn again. The focus guest's
    /// always is, another line at the bottom only after whole lines of others. The rest have been seen, which is
    /// enough.
    bool comes_again(std::size_t owner, std::size_t next) const {
        return owner == focus() || (bottom_ != focus() && turns_.has_line(next));
    }
    /// Notes that `owner`'s line, seen up to `end`, was taken off the screen.
    [[gnu::cold]] void was_closed(std::size_t owner, bool again, std::uint32_t end) {
        if (again) {
            bring_to_bottom(owner, end);
        } else if (bottom_ == owner) {
            bottom_.reset();
        }
    }
    /// Notes that a line of `owner` has ended.
    void has_ended(std::size_t owner) {
        if (bottom_ == owner) {
            bottom_.reset();
        } else if (bottom_ && channels_[*bottom_].head() == bottom_end_) {
            // Draws it again when the others are silent.
            bring_to_bottom(*bottom_, bottom_end_);
        }
    }

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
                help();
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
        own_lines_.print("no such key or guest; Ctrl-] h help");
        return {};
    }

    [[gnu::cold]] void help() {
        own_lines_.print("Ctrl-] then: 1..9 or n input to a guest, h help, s states and exits,");
        own_lines_.print("  r restart, o off (again: at once), z zoom (again: leave it), q machine off,");
        own_lines_.print("  b break, i interrupt by software event; Ctrl-] twice sends one");
        own_lines_.list_guests(focus());
    }

    [[gnu::cold]] ConsoleAction focus_on(std::size_t guest) {
        focus_.store(guest, std::memory_order_relaxed);
        own_lines_.print((Text{} << "input to " << tags_.name(guest)).view());
        if (screen_.is_open(guest)) {
            bottom_ = guest;
        } else {
            channels_[guest].hide();
            bring_to_bottom(guest, channels_[guest].head());
        }
        return {ConsoleAction::Kind::focus, guest};
    }

    /// Schedules drawing `owner`'s unfinished line, seen up to `end`, if there is one. Requires: nothing of it is on
    /// the screen.
    void bring_to_bottom(std::size_t owner, std::uint32_t end) {
        bottom_.reset();
        if (channels_[owner].unseen() > 0) {
            bottom_ = owner;
            bottom_end_ = end;
            turns_.wait_for_rest(owner, port_.now());
        }
    }

    /// Begins zoom, with the guest's unfinished line.
    [[gnu::cold]] void begin_zoom() {
        zoom_ = zoom_wanted_;
        screen_.say("Ctrl-] z leaves zoom of ", tags_.name(*zoom_));
        screen_.tell_terminal(sequences::wrap_on);
        screen_.open(*zoom_, channels_[*zoom_], Screen::Style::raw);
    }

    /// Ends zoom. The rest of the last line comes again with its tag.
    [[gnu::cold]] void end_zoom() {
        const auto owner = *std::exchange(zoom_, std::nullopt);
        bring_to_bottom(owner, screen_.leave_zoom());
        for (auto& channel : channels_) {
            channel.leave();
        }
    }

    P& port_;
    const Tags& tags_;
    std::span<OutputChannel> channels_;
    Screen& screen_;
    Turns& turns_;
    OwnLines& own_lines_;
    ConsoleModes& modes_;
    Keys keys_;

    std::atomic<std::size_t> focus_{0};  ///< the guest that has the input
    std::optional<std::size_t> bottom_;  ///< whose unfinished line belongs at the bottom of the screen
    std::uint32_t bottom_end_ = 0;       ///< of that line: position up to which it was seen
    std::optional<std::size_t> zoom_;    ///< whose bytes pass raw
    std::optional<std::size_t> zoom_wanted_;
    std::atomic<std::uint32_t> zoom_over_{0};
};

}  // namespace mullion
