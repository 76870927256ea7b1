// SPDX-License-Identifier: Apache-2.0
// All consoles on the one physical UART: which line comes next, what may stay at the bottom of the screen, who has the
// input, and what the keys do. Decisions are made line by line, so that lines of two guests are never mixed.
#pragma once

#include <algorithm>
#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/description.hpp"
#include "vm/console_channel.hpp"
#include "vm/console_keys.hpp"
#include "vm/console_port.hpp"
#include "vm/console_screen.hpp"
#include "vm/console_tags.hpp"

namespace mullion {

/// put() and room() are for a guest's own harts, one at a time (its lock); everything else, print() included, for
/// whoever holds the one console lock. After print(), input(), and put() if that was news, the caller pumps, and again
/// at deadline().
template <ConsolePort P>
class Console {
 public:
    static constexpr std::string_view banner = "Ctrl-] h help, Ctrl-A x quit QEMU";
    /// Bytes to the UART in one pump() at most, so that no exit pays for the backlog of others.
    static constexpr std::size_t pump_limit = 256;

    /// `channels`: one a guest, and after them one for Mullion's own lines. There is at least one guest.
    constexpr Console(P& port, const Description& machine, std::span<Channel> channels)
        : port_(port),
          channels_(channels),
          patience_(machine.board.timebase_frequency / 100),
          tags_(machine.guests, machine.color),
          last_(tags_.own() - 1) {}

    Console(const Console&) = delete;
    Console& operator=(const Console&) = delete;

    /// A byte that `guest` says. False: no room now; the port's room_again() follows.
    bool put(std::size_t guest, std::uint8_t byte) {
        auto& channel = channels_[guest];
        if (!channel.put(byte)) {
            return false;
        }
        if (channel.is_news(byte)) {
            attention_.store(1, std::memory_order_release);  // pairs with must_look()
        }
        return true;
    }

    /// Ends the line that `guest` left unfinished, if there is one and room for it. As for put().
    void finish_line(std::size_t guest) {
        if (channels_[guest].is_inside_line()) {
            put(guest, '\n');
        }
    }

    /// Bytes that put() takes for certain.
    std::size_t room(std::size_t guest) const { return channels_[guest].room(); }

    /// A line of Mullion's own, without the newline; lines are dropped whole, and counted, when there is no room.
    template <std::convertible_to<std::string_view>... Parts>
    void print(const Parts&... parts) {
        if ((std::string_view{parts}.size() + ... + 1) > room(tags_.own())) {
            channels_[tags_.own()].drop();
            return;
        }
        (put_own(parts), ...);
        put(tags_.own(), '\n');
    }

    /// The first lines after boot.
    void greet() {
        print(banner);
        list_guests();
    }

    /// A put() said something that no pump() has looked for yet.
    bool has_news() const { return attention_.load(std::memory_order_relaxed) != 0; }

    /// Sends what there is, as far as the UART has room and `pump_limit` allows.
    void pump() {
        if (!must_look()) {
            return;
        }
        std::size_t room = 0;
        for (std::size_t left = pump_limit; left != 0;) {
            const auto bytes = ready();
            if (bytes.empty() && compose()) {
                continue;
            }
            if (bytes.empty()) {
                return wait_to_send(false);
            }
            room = room != 0 ? room : port_.room();
            if (room == 0) {
                break;
            }
            const auto count = std::min({bytes.size(), room, left});
            port_.send(bytes.first(count));
            screen_.take(count);
            room -= count;
            left -= count;
        }
        wait_to_send(true);
    }

    /// When pump() is due without any other reason (ticks): an unfinished line must be shown.
    std::optional<std::uint64_t> deadline() const { return waiting_to_send_ ? std::nullopt : deadline_; }

    /// A byte from the terminal.
    ConsoleAction input(std::uint8_t byte) {
        const auto key = keys_.feed(byte);
        if (key.command == Key::Command::none) {
            return {};
        }
        if (key.command == Key::Command::text) {
            return {ConsoleAction::Kind::text, focus_, key.byte};
        }
        // Every key but a first `z` ends zoom: what it says must be seen.
        if (key.command == Key::Command::zoom && !zoom_wanted_) {
            zoom_wanted_ = focus_;
            attention_.store(1, std::memory_order_relaxed);
        } else {
            leave_zoom();
        }
        return obey(key);
    }

    /// Shows what zoom hides, from the next pump() on.
    void leave_zoom() {
        zoom_wanted_.reset();
        attention_.store(1, std::memory_order_relaxed);
    }

    /// Everything that is not hidden by zoom was sent, unfinished lines too.
    bool is_idle() const { return !has_news() && !waiting_to_send_ && !deadline_; }

    /// The guest that has the input; at first the first.
    std::size_t focus() const { return focus_; }

 private:
    [[gnu::cold]] ConsoleAction obey(Key key) {
        using Kind = ConsoleAction::Kind;
        switch (key.command) {
            case Key::Command::guest:
                return key.byte <= tags_.own() ? focus_on(key.byte - 1u) : unknown_key();
            case Key::Command::next:
                return focus_on(focus_ + 1 == tags_.own() ? 0 : focus_ + 1);
            case Key::Command::help:
                return help();
            case Key::Command::states:
                return {Kind::states, focus_};
            case Key::Command::line_break:
                return {Kind::line_break, focus_};
            case Key::Command::interrupt:
                return {Kind::interrupt, focus_};
            case Key::Command::restart:
                return {Kind::restart, focus_};
            case Key::Command::off:
                return {Kind::off, focus_};
            case Key::Command::machine_off:
                return {Kind::machine_off, focus_};
            case Key::Command::unknown:
                return unknown_key();
            default:
                return {};
        }
    }

    [[gnu::cold]] ConsoleAction focus_on(std::size_t guest) {
        focus_ = guest;
        print("input to ", tags_.name(guest));
        if (screen_.is_open(guest)) {
            bottom_ = guest;
        } else {
            channels_[guest].hide();
            bring_to_bottom(guest, channels_[guest].head());
        }
        return {ConsoleAction::Kind::focus, guest};
    }

    [[gnu::cold]] ConsoleAction help() {
        print("Ctrl-] then: 1..9 or n input to a guest, h help, s states and exits,");
        print("  r restart, o off (again: at once), z zoom (again: leave it), q machine off,");
        print("  b break, i interrupt by software event; Ctrl-] twice sends one");
        list_guests();
        return {};
    }

    [[gnu::cold]] ConsoleAction unknown_key() {
        print("no such key or guest; Ctrl-] h help");
        return {};
    }

    [[gnu::cold]] void list_guests() {
        constexpr std::string_view digits = "123456789";
        for (std::size_t i = 0; i < tags_.own(); ++i) {
            print("  ", i < digits.size() ? digits.substr(i, 1) : "-", " ", tags_.name(i),
                  i == focus_ ? std::string_view{" has the input"} : std::string_view{});
        }
    }

    void put_own(std::string_view text) {
        for (const char c : text) {
            put(tags_.own(), static_cast<std::uint8_t>(c));
        }
    }

    /// The short way out of most calls: nothing new, nothing left over, no deadline passed.
    bool must_look() {
        if (has_news()) {
            // A read-modify-write reads the last value, so that no put() between is lost.
            attention_.exchange(0, std::memory_order_acquire);
            if (zoom_) {
                bound_hidden();
            }
            return true;
        }
        return waiting_to_send_ || (deadline_ && port_.now() >= *deadline_);
    }

    /// What is to be shown before the next compose().
    std::span<const std::uint8_t> ready() const {
        const bool may_change = zoom_ != zoom_wanted_ && !screen_.has_output();
        return may_change ? std::span<const std::uint8_t>{} : screen_.ready();
    }

    void wait_to_send(bool wait) {
        if (wait != waiting_to_send_) {
            waiting_to_send_ = wait;
            port_.want_send_interrupt(wait);
        }
    }

    /// One step: a byte of the open line that is not plain, or the change to another one. False: nothing to do.
    bool compose() {
        if (zoom_ != zoom_wanted_ && may_switch_zoom()) {
            switch_zoom();
            return true;
        }
        if (screen_.is_open() && !screen_.is_dry()) {
            stalled_until_.reset();
            if (screen_.advance()) {
                end_line(screen_.owner());
            }
            return true;
        }
        if (zoom_) {
            return false;
        }
        const auto next = pick();
        if (!next) {
            return false;
        }
        if (screen_.is_open()) {
            close_line();
        } else {
            screen_.open(*next, channels_[*next], Screen::Style::tagged);
        }
        return true;
    }

    void end_line(std::size_t owner) {
        last_ = owner;
        offer_room(owner);
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

    /// The bottom of the screen belongs to one unfinished line: the focus guest's if it has one, else the latest. That
    /// one comes again after the others; the others have been seen.
    void close_line() {
        const auto owner = screen_.owner();
        if (bottom_ != focus_) {
            bottom_ = owner;
        }
        const bool again = bottom_ == owner;
        const auto end = screen_.close(again);
        if (again) {
            bring_to_bottom(owner, end);
        }
    }

    /// Nothing of `owner`'s unfinished line is on the screen; if there is one (it was seen up to `end`), it comes.
    void bring_to_bottom(std::size_t owner, std::uint32_t end) {
        bottom_.reset();
        if (channels_[owner].unseen() > 0) {
            bottom_ = owner;
            bottom_end_ = end;
            channels_[owner].set_deadline(port_.now() + patience_);
        }
    }

    /// The next in turn that may have a line of the screen, other than who has it. Notes the earliest deadline of those
    /// that may not yet.
    std::optional<std::size_t> pick() {
        const auto now = port_.now();
        deadline_.reset();
        if (screen_.is_open() && screen_.inside_sequence()) {
            stalled_until_ = stalled_until_.value_or(now + patience_);
            if (now < *stalled_until_) {
                deadline_ = stalled_until_;
                return std::nullopt;
            }
        }
        auto candidate = last_;
        for (std::size_t i = 0; i < channels_.size(); ++i) {
            candidate = candidate + 1 == channels_.size() ? 0 : candidate + 1;
            if (!screen_.is_open(candidate) && is_due(channels_[candidate], now)) {
                return candidate;
            }
        }
        return std::nullopt;
    }

    bool is_due(Channel& channel, std::uint64_t now) {
        if (channel.unseen() == 0) {
            return false;
        }
        if (channel.has_line() || channel.unseen() >= line_limit) {
            return true;
        }
        if (!channel.deadline()) {
            channel.set_deadline(now + patience_);
        }
        deadline_ = std::min(deadline_.value_or(*channel.deadline()), *channel.deadline());
        return now >= *channel.deadline();
    }

    // --- zoom ---

    /// In keeping with whole lines on the way in, whole characters on the way out.
    bool may_switch_zoom() const {
        return !screen_.is_open() || screen_.is_dry() || (zoom_ && !screen_.inside_sequence());
    }

    /// Into zoom the unfinished line, most likely the prompt, is taken along; out of it, it comes again with its tag.
    [[gnu::cold]] void switch_zoom() {
        if (screen_.is_open()) {
            close_line();
        }
        if (zoom_) {
            zoom_.reset();
            return;
        }
        zoom_ = zoom_wanted_;
        deadline_.reset();
        screen_.say("Ctrl-] z leaves zoom of ", tags_.name(*zoom_));
        screen_.open(*zoom_, channels_[*zoom_], Screen::Style::raw);
    }

    /// What zoom hides is kept in its channels; there the oldest lines go before a producer has to wait.
    [[gnu::cold]] void bound_hidden() {
        for (std::size_t owner = 0; owner < channels_.size(); ++owner) {
            if (owner != zoom_) {
                channels_[owner].drop_oldest();
                offer_room(owner);
            }
        }
    }

    P& port_;
    std::span<Channel> channels_;
    std::uint64_t patience_;  ///< ticks: half of the 20 ms within which a prompt appears, the rest is the caller's
    Tags tags_;
    Screen screen_{tags_};
    Keys keys_;

    std::atomic<std::uint32_t> attention_{0};  ///< set by whoever has news, cleared by pump()
    bool waiting_to_send_ = false;
    std::optional<std::uint64_t> deadline_;       ///< earliest of the channels'
    std::optional<std::uint64_t> stalled_until_;  ///< how long an owner that stopped inside a sequence keeps the screen

    std::size_t last_;                   ///< whose line was last; the next in turn comes after it
    std::size_t focus_ = 0;              ///< has the input
    std::optional<std::size_t> bottom_;  ///< whose unfinished line belongs at the bottom of the screen
    std::uint32_t bottom_end_ = 0;       ///< position up to which it was seen
    std::optional<std::size_t> zoom_;    ///< whose bytes pass raw
    std::optional<std::size_t> zoom_wanted_;
};

}  // namespace mullion
