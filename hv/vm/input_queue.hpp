// SPDX-License-Identifier: Apache-2.0
// Queues typed bytes and breaks for a guest. Requires: who puts holds the console lock, who takes holds the guest's
// device lock; they may be different harts.
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
    /// A break in the queue, beside bytes: the line was held low, as by a terminal's Break key.
    static constexpr std::uint16_t line_break = 0x100;
    /// How many bytes and breaks may be typed before the guest reads them.
    static constexpr std::uint32_t capacity = 4096;

    /// Returns how many bytes and breaks put() takes at least.
    std::uint32_t room() const {
        const auto used = used_since(begin_.load(std::memory_order_acquire), end_.load(std::memory_order_relaxed));
        return capacity - std::min(capacity, used);
    }

    /// Put a byte or a break; they return false and drop it if the queue is full. put_behind() also uses the places
    /// reserved for what Mullion types itself (type_break() in run/input.hpp).
    bool put(std::uint16_t typed) { return room() != 0 && push(typed); }
    bool put_behind(std::uint16_t typed) { return push(typed); }

    std::optional<std::uint16_t> take() {
        const auto begin = begin_.load(std::memory_order_relaxed);
        // Acquire pairs with push(): the byte was written before the index.
        if (begin == end_.load(std::memory_order_acquire)) {
            return std::nullopt;
        }
        const auto typed = typed_[begin];
        begin_.store(after(begin), std::memory_order_release);
        return typed;
    }

    /// Drops everything. Requires: the caller may take.
    void clear() { begin_.store(end_.load(std::memory_order_acquire), std::memory_order_release); }

 private:
    /// Places of the ring: one stays free, so that full and empty differ; the rest are for put_behind().
    static constexpr std::uint32_t places = capacity + 17;

    static constexpr std::uint32_t after(std::uint32_t place) { return place + 1 == places ? 0 : place + 1; }
    static constexpr std::uint32_t used_since(std::uint32_t begin, std::uint32_t end) {
        return end >= begin ? end - begin : end + places - begin;
    }

    bool push(std::uint16_t typed) {
        const auto end = end_.load(std::memory_order_relaxed);
        // Acquire pairs with take(): the place was read before it is written again.
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

/// Decides whether typed bytes stay in the UART while the guest's queue is full, or are dropped. So a guest that reads
/// gets all of them, and keys work whatever a guest does. Times are ticks.
class Typing {
 public:
    constexpr explicit Typing(std::uint64_t second) : second_(second) {}

    /// Returns whether to read the next byte from the UART; if it is text and the queue is full, it is dropped. From
    /// the first time that the queue is full, bytes are held back for one second in all, until the guest has read half
    /// of it.
    bool may_read(const InputQueue& queue, std::uint64_t now) {
        const auto room = queue.room();
        if (room >= InputQueue::capacity / 2) {
            full_since_.reset();
        } else if (room == 0 && !full_since_) {
            full_since_ = now;
        }
        return room != 0 || now - *full_since_ >= second_;
    }
    /// Starts anew for another guest, which gets the input.
    void forget() { full_since_.reset(); }

    /// Counts a dropped byte or break.
    void drop(std::uint64_t now) { tell_at_ = dropped_++ == 0 ? now + second_ : tell_at_; }
    /// Returns, once, how many bytes were dropped in the last second when that is over; nothing otherwise.
    std::optional<std::uint32_t> take_dropped(std::uint64_t now) {
        return dropped_ != 0 && now >= tell_at_ ? std::optional{std::exchange(dropped_, 0)} : std::nullopt;
    }

    /// Returns when to look again without a typed byte. `held`: may_read() returned false.
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
