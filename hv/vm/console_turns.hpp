// SPDX-License-Identifier: Apache-2.0
// Decides whose line is next on the console, and when an unfinished line must be shown.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "vm/console_channel.hpp"
#include "vm/console_own_lines.hpp"

namespace mullion {

/// Requires: the console lock is held. Times are ticks.
class Turns {
 public:
    /// `patience` is how long to wait for the rest of an unfinished line.
    constexpr Turns(std::span<OutputChannel> channels, OwnLines& own_lines, std::uint64_t patience)
        : channels_(channels), own_lines_(own_lines), patience_(patience), last_(channels.size() - 2) {}

    /// Ends `owner`'s turn: its line was ended, cut, or taken off the screen. The next turn is that of an owner after
    /// it.
    void end(std::size_t owner) { last_ = owner; }

    /// Returns the next owner that may have a line on the screen, other than `open`.
    std::optional<std::size_t> pick(std::optional<std::size_t> open, std::uint64_t now) {
        auto candidate = last_;
        for (std::size_t i = 0; i < channels_.size(); ++i) {
            candidate = candidate + 1 == channels_.size() ? 0 : candidate + 1;
            if (candidate != open && is_due(candidate, now)) {
                return candidate;
            }
        }
        return std::nullopt;
    }

    /// Returns whether a whole line waits, or as much as fills one.
    bool has_line(std::size_t owner) const {
        return channels_[owner].has_line() || channels_[owner].unseen() >= line_limit;
    }

    /// Returns whether something of `owner` may be sent as soon as there is room.
    bool has_more(std::size_t owner) const {
        const auto& channel = channels_[owner];
        return (channel.unseen() != 0 && (has_line(owner) || !channel.deadline())) ||
               (is_own(owner) && own_lines_.has_left_out());
    }

    /// Schedules showing an unfinished line, after `patience`.
    void wait_for_rest(std::size_t owner, std::uint64_t now) { channels_[owner].set_deadline(now + patience_); }

 private:
    bool is_own(std::size_t owner) const { return owner + 1 == channels_.size(); }

    [[gnu::noinline]] bool is_due(std::size_t owner, std::uint64_t now) {
        auto& channel = channels_[owner];
        if (channel.unseen() == 0) {
            return is_own(owner) && own_lines_.next_left_out();
        }
        if (has_line(owner)) {
            return true;
        }
        if (!channel.deadline()) {
            wait_for_rest(owner, now);
        }
        return now >= *channel.deadline();
    }

    std::span<OutputChannel> channels_;
    OwnLines& own_lines_;
    std::uint64_t patience_;
    std::size_t last_;
};

}  // namespace mullion
