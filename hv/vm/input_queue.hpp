// SPDX-License-Identifier: Apache-2.0
// Typed bytes and breaks on their way to a guest. One hart at a time puts (it holds the console lock), one takes (it
// holds the guest's device lock); the two may be different harts.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <utility>

namespace mullion {

class InputQueue {
 public:
    /// Beside the bytes: the line was held low, as by the Break key of a terminal.
    static constexpr std::uint16_t line_break = 0x100;
    /// What a person or a script may type before the guest reads it.
    static constexpr std::uint32_t capacity = 4096;

    /// Typed things that put() takes for certain.
    std::uint32_t room() const {
        const auto used = used_since(begin_.load(std::memory_order_acquire), end_.load(std::memory_order_relaxed));
        return capacity - std::min(capacity, used);
    }

    /// A byte or a break. False: full, and it is dropped. Behind what is typed there is room for what Mullion says
    /// itself (type_break() in run/console.hpp).
    bool put(std::uint16_t typed) { return room() != 0 && push(typed); }
    bool put_behind(std::uint16_t typed) { return push(typed); }

    std::optional<std::uint16_t> take() {
        const auto begin = begin_.load(std::memory_order_relaxed);
        // Acquire pairs with push(): the byte is there before the index says so.
        if (begin == end_.load(std::memory_order_acquire)) {
            return std::nullopt;
        }
        const auto typed = typed_[begin];
        begin_.store(after(begin), std::memory_order_release);
        return typed;
    }

    /// By the side that takes.
    void clear() { begin_.store(end_.load(std::memory_order_acquire), std::memory_order_release); }

 private:
    /// One place stays free, so that full and empty differ.
    static constexpr std::uint32_t places = capacity + 17;

    static constexpr std::uint32_t after(std::uint32_t place) { return place + 1 == places ? 0 : place + 1; }
    static constexpr std::uint32_t used_since(std::uint32_t begin, std::uint32_t end) {
        return end >= begin ? end - begin : end + places - begin;
    }

    bool push(std::uint16_t typed) {
        const auto end = end_.load(std::memory_order_relaxed);
        // Acquire pairs with take(): the place has been read before it is written again.
        if (after(end) == begin_.load(std::memory_order_acquire)) {
            return false;
        }
        typed_[end] = typed;
        end_.store(after(end), std::memory_order_release);
        return true;
    }

    std::array<std::uint16_t, places> typed_{};
    std::atomic<std::uint32_t> begin_{0};
    std::atomic<std::uint32_t> end_{0};
};

/// When typed bytes stay in the UART because the guest's queue is full, and when they are dropped: so that a guest that
/// reads gets all of them, and the keys are heard whatever a guest does. Times are ticks.
class Typing {
 public:
    constexpr explicit Typing(std::uint64_t second) : second_(second) {}

    /// The next byte may be taken from the UART, and is dropped if it is text and the queue full. From the first time
    /// that it was full bytes are held back for a second in all, until the guest has read half of it.
    bool may_read(const InputQueue& queue, std::uint64_t now) {
        const auto room = queue.room();
        if (room >= InputQueue::capacity / 2) {
            full_since_.reset();
        } else if (room == 0 && !full_since_) {
            full_since_ = now;
        }
        return room != 0 || now - *full_since_ >= second_;
    }
    /// The input goes to another guest.
    void forget() { full_since_.reset(); }

    /// A byte of text was dropped.
    void drop(std::uint64_t now) { tell_at_ = dropped_++ == 0 ? now + second_ : tell_at_; }
    /// How many were dropped in the last second, when it is over; once.
    std::optional<std::uint32_t> take_dropped(std::uint64_t now) {
        return dropped_ != 0 && now >= tell_at_ ? std::optional{std::exchange(dropped_, 0)} : std::nullopt;
    }

    /// When to look again without a typed byte; `held`: may_read() was false.
    std::optional<std::uint64_t> due(bool held, std::uint64_t now) const {
        const auto look = now + second_ / 250;
        if (held) {
            return dropped_ != 0 ? std::min(look, tell_at_) : look;
        }
        return dropped_ != 0 ? std::optional{tell_at_} : std::nullopt;
    }

 private:
    std::uint64_t second_;
    std::optional<std::uint64_t> full_since_;
    std::uint32_t dropped_ = 0;
    std::uint64_t tell_at_ = 0;
};

}  // namespace mullion
