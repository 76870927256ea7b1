// SPDX-License-Identifier: Apache-2.0
// Prints Mullion's own lines: answers to keys, and notices about guests. A guest can cause any number of notices, so
// they are limited for each guest, and half of the channel is reserved for answers.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/atomic.hpp"
#include "core/text.hpp"
#include "vm/console_channel.hpp"
#include "vm/console_tags.hpp"

namespace mullion {

/// Finds the guests of which notices were left out. Who changes the word modifies what was there: so whoever takes it
/// sees the counts of all who said so before, however many did (C++, release sequences).
class LeftOut {
 public:
    bool any() const { return any_.load(std::memory_order_relaxed) != 0; }

    /// Counts one more. Any hart.
    void add(auto& notices) {
        notices.leave_out();
        any_.exchange(1, std::memory_order_release);  // pairs with next()
    }

    /// Returns the first of `guests` whose count is not 0. One hart at a time.
    std::optional<std::size_t> next(std::size_t guests, auto notices_of) {
        if (!any()) {
            return std::nullopt;
        }
        // Before the counts are read, so that later ones set it again.
        any_.exchange(0, std::memory_order_acquire);
        for (std::size_t guest = 0; guest < guests; ++guest) {
            if (notices_of(guest).has_left_out()) {
                any_.exchange(1, std::memory_order_relaxed);
                return guest;
            }
        }
        return std::nullopt;
    }

 private:
    Atomic<std::uint32_t> any_{0};
};

/// Requires: print(), tell() and leave_out() are called by one hart at a time, the rest under the console lock.
class OwnLines {
 public:
    /// The most bytes of notices about one guest that may wait.
    static constexpr std::uint32_t notices_of_one = 1024;
    /// Bytes of the channel reserved for answers.
    static constexpr std::uint32_t answers = OutputChannel::capacity / 2;

    /// `hint`, which may be empty, is added to the first line.
    constexpr OwnLines(const Tags& tags, std::span<OutputChannel> channels, std::string_view hint)
        : tags_(tags), channels_(channels), hint_(hint) {}

    /// Prints a line, given without newline. Without room the whole line is dropped and counted.
    [[gnu::cold]] void print(std::string_view line) {
        if (line.size() + 1 > own().room()) {
            return own().drop();
        }
        for (const char c : line) {
            own().put(static_cast<std::uint8_t>(c));
        }
        own().put('\n');
    }

    /// Prints a notice about a guest. Returns false if too many wait or there is no room; the caller then calls
    /// leave_out() or tries again.
    [[gnu::cold]] bool tell(std::size_t guest, std::string_view line) {
        const auto size = static_cast<std::uint32_t>(line.size() + 1);
        if (own().room() < size + answers ||
            !channels_[guest].notices().admit(size, notices_of_one, round_.load(std::memory_order_relaxed))) {
            return false;
        }
        print(line);
        return true;
    }
    /// Counts a notice that tell() refused.
    void leave_out(std::size_t guest) { left_out_.add(channels_[guest].notices()); }

    /// Gives guests all of their room again. Requires: everything that waited is out.
    void begin_round() { round_.store(round_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed); }

    /// Returns a guest whose count of refused notices is to be printed.
    std::optional<std::size_t> next_left_out() {
        return left_out_.next(
            tags_.own(), [this](std::size_t guest) -> auto& { return channels_[guest].notices(); });
    }

    bool has_left_out() const { return left_out_.any(); }

    /// Prints the first lines after boot. `help_key` tells of the console's keys, if it has any.
    [[gnu::cold]] void greet(std::string_view help_key, std::size_t focus) {
        Text line;
        line << help_key << (help_key.empty() || hint_.empty() ? "" : ", ") << hint_;
        if (!line.view().empty()) {
            print(line.view());
        }
        list_guests(focus);
    }

    [[gnu::cold]] void list_guests(std::size_t focus) {
        constexpr std::string_view digits = "123456789";
        for (std::size_t i = 0; i < tags_.own(); ++i) {
            const auto key = i < digits.size() ? digits.substr(i, 1) : "-";
            print((Text{} << "  " << key << ' ' << tags_.name(i) << (i == focus ? " has the input" : "")).view());
        }
    }

 private:
    OutputChannel& own() { return channels_[tags_.own()]; }

    const Tags& tags_;
    std::span<OutputChannel> channels_;
    std::string_view hint_;
    std::atomic<std::uint32_t> round_{0};
    LeftOut left_out_;
};

}  // namespace mullion
