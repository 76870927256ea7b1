// SPDX-License-Identifier: Apache-2.0
// What one guest (or Mullion itself) has to say: a ring of bytes with one producer and one consumer. The ring is at the
// same time what a redraw reads from (an unfinished line leaves the ring only when it ends) and what zoom keeps of the
// guests that it hides, so no byte is ever stored twice.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include "core/address.hpp"
#include "vm/console_filter.hpp"

namespace mullion {

/// A longer line continues on a new tagged line, so that it holds nobody else up.
inline constexpr std::uint32_t line_limit = 1024;

/// One hart at a time produces (the caller holds the guest's lock; for Mullion's own channel the console lock), one
/// consumes (the caller holds the console lock). Positions count bytes since the start and wrap at 2^32.
class alignas(cache_line) Channel {
 public:
    static constexpr std::uint32_t capacity = 16 * 1024;  ///< bytes; a power of two, so that positions may wrap

    // --- the producer ---

    /// False: full. The consumer then reports room_wanted() when a quarter of the ring is free.
    bool put(std::uint8_t byte) {
        if (!push(byte) && !push_or_wish(byte)) {
            return false;
        }
        news_ |= is_news(byte);
        return true;
    }

    /// True once after something was put that the consumer has to look at now.
    bool take_news() { return std::exchange(news_, false); }
    /// Whether it has to, now that `byte` was put, or already waits for a deadline that covers it.
    bool is_news(std::uint8_t byte) const {
        // Full fence between the store of head_ and this load: partner is set_deadline().
        std::atomic_thread_fence(std::memory_order_seq_cst);
        return byte == '\n' || expected_.load(std::memory_order_relaxed) == 0 || used() >= line_limit;
    }

    std::size_t room() const { return capacity - used(); }

    /// The last byte did not end a line.
    bool is_inside_line() const {
        const auto head = head_.load(std::memory_order_relaxed);
        return head != 0 && bytes_[(head - 1) % capacity] != '\n';
    }

    // --- the consumer ---

    /// Acquire pairs with push(): every byte before this position is there.
    std::uint32_t head() const { return head_.load(std::memory_order_acquire); }
    std::uint32_t tail() const { return tail_.load(std::memory_order_relaxed); }
    std::uint8_t at(std::uint32_t position) const { return bytes_[position % capacity]; }
    /// The bytes from `position` on that lie in one piece: up to head(), or to the end of the ring.
    std::span<const std::uint8_t> from(std::uint32_t position) const {
        const auto start = position % capacity;
        return std::span{bytes_}.subspan(start, std::min(head() - position, capacity - start));
    }

    /// A whole line waits. (The count may run behind head_, so that a line may be gone before it is counted.)
    bool has_line() const {
        return static_cast<std::int32_t>(lines_in_.load(std::memory_order_acquire) - lines_out_) > 0;
    }
    /// Bytes that the screen does not show.
    std::uint32_t unseen() const { return head() - seen_; }
    /// Everything before `position`, at or after tail(), is on the screen.
    void show_to(std::uint32_t position) { seen_ = position; }
    /// Nothing after tail() is on the screen (any more).
    void hide() { seen_ = tail(); }

    /// Gives the bytes before `position` back to the producer; the last of them ends a line or not.
    void release(std::uint32_t position, bool line_ended) {
        lines_out_ += line_ended ? 1 : 0;
        seen_ = position;
        left_to_ = is_left() && static_cast<std::int32_t>(left_to_ - position) > 0 ? left_to_ : position;
        // Release pairs with push(): the bytes have been read before their places are reused.
        tail_.store(position, std::memory_order_release);
    }

    /// True once after a put() that was refused, when there is room again.
    bool room_wanted() {
        std::atomic_thread_fence(std::memory_order_seq_cst);  // partner: put()
        if (room_wanted_.load(std::memory_order_relaxed) == 0 || room() < capacity / 4) {
            return false;
        }
        room_wanted_.store(0, std::memory_order_relaxed);
        return true;
    }

    /// When the unseen bytes, which are not a line yet, must be shown at latest (ticks); until then is_news() is false
    /// for more of the same.
    std::optional<std::uint64_t> deadline() const { return deadline_; }
    void set_deadline(std::optional<std::uint64_t> at) {
        deadline_ = at;
        expected_.store(at ? 1 : 0, std::memory_order_relaxed);
        // What is read of head_ after this includes every byte whose producer saw the old value; partner: is_news().
        std::atomic_thread_fence(std::memory_order_seq_cst);
    }

    /// Drops the oldest lines until half of the ring is free, but looks at no more than `limit` bytes; nothing of the
    /// channel is on the screen.
    void drop_oldest(std::uint32_t limit) {
        const auto start = tail();
        const auto end = start + std::min(head() - start, limit);
        auto position = start;
        for (; position != end && (dropping_ || head() - position > capacity / 2); ++position) {
            dropping_ = at(position) != '\n';
            if (!dropping_) {
                ++lines_out_;
                drop();
            }
        }
        if (position != start) {
            release(position, false);
            keep_filter({});
            set_deadline(std::nullopt);
        }
    }
    /// drop_oldest() has more to do.
    bool is_crowded() const { return head() - tail() > capacity / 2 || (dropping_ && head() != tail()); }
    /// Counts a line that is not shown, in the ring or on the way into it: by both sides.
    void drop() { dropped_.fetch_add(1, std::memory_order_relaxed); }
    /// The number of lines dropped since the last call. What is left of one that was begun to be dropped is shown.
    std::uint32_t take_dropped() {
        return dropped_.exchange(0, std::memory_order_relaxed) + (std::exchange(dropping_, false) ? 1 : 0);
    }

    /// How the bytes before tail() leave what follows: inside a sequence, for instance.
    const Filter& filter() const { return filter_; }
    void keep_filter(const Filter& filter) { filter_ = filter; }

    /// Lines of Mullion's own about the guest whose channel this is: those that wait, and those that are left out
    /// because too many do. For whoever prints them; take_left_out() is the consumer's.
    class Notices {
     public:
        /// Whether `size` bytes more may wait besides those of the same `round`, `limit` in all.
        bool admit(std::uint32_t size, std::uint32_t limit, std::uint32_t round) {
            waiting_ = std::exchange(round_, round) == round ? waiting_ : 0;
            if (waiting_ + size > limit) {
                return false;
            }
            waiting_ += size;
            return true;
        }
        void leave_out() { left_out_.fetch_add(1, std::memory_order_relaxed); }
        bool has_left_out() const { return left_out_.load(std::memory_order_relaxed) != 0; }
        std::uint32_t take_left_out() { return left_out_.exchange(0, std::memory_order_relaxed); }

     private:
        std::uint32_t waiting_ = 0;  ///< bytes
        std::uint32_t round_ = 0;
        std::atomic<std::uint32_t> left_out_{0};
    };
    Notices& notices() { return notices_; }
    const Notices& notices() const { return notices_; }

    /// Until then (ticks) who produces does not move the console on.
    std::uint64_t rests_until() const { return rests_until_; }
    void rest_until(std::uint64_t time) { rests_until_ = time; }

    /// What is in the ring now is seen out by somebody else than its producer: is_left() until it is out.
    void leave() { left_to_ = head(); }
    bool is_left() const { return static_cast<std::int32_t>(left_to_ - tail()) > 0; }

 private:
    std::uint32_t used() const { return head_.load(std::memory_order_relaxed) - tail_.load(std::memory_order_relaxed); }

    /// Either the consumer sees the wish after it made room, or this second attempt sees the room (Dekker's pattern:
    /// both sides store, fence, load; partner: room_wanted()).
    bool push_or_wish(std::uint8_t byte) {
        room_wanted_.store(1, std::memory_order_relaxed);
        std::atomic_thread_fence(std::memory_order_seq_cst);
        return push(byte);
    }

    bool push(std::uint8_t byte) {
        const auto head = head_.load(std::memory_order_relaxed);
        // Acquire pairs with release().
        if (head - tail_.load(std::memory_order_acquire) == capacity) {
            return false;
        }
        bytes_[head % capacity] = byte;
        head_.store(head + 1, std::memory_order_release);  // pairs with head()
        if (byte == '\n') {
            // After head_: who counts the line finds its bytes. Pairs with has_line().
            lines_in_.store(lines_in_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
        }
        return true;
    }

    // Written by the producer.
    std::atomic<std::uint32_t> head_{0};
    std::atomic<std::uint32_t> lines_in_{0};
    bool news_ = false;
    // Written by both.
    std::atomic<std::uint32_t> room_wanted_{0};
    std::atomic<std::uint32_t> dropped_{0};
    Notices notices_;
    // Written by the consumer.
    std::atomic<std::uint32_t> tail_{0};
    std::atomic<std::uint32_t> expected_{0};
    std::uint32_t lines_out_ = 0;
    std::uint32_t seen_ = 0;
    std::uint32_t left_to_ = 0;
    bool dropping_ = false;  ///< the bytes at tail() are the rest of a line that is dropped
    Filter filter_;
    std::optional<std::uint64_t> deadline_;
    std::uint64_t rests_until_ = 0;
    std::array<std::uint8_t, capacity> bytes_{};
};

}  // namespace mullion
