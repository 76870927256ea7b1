// SPDX-License-Identifier: Apache-2.0
// Buffers the output of one guest, or of Mullion, in a ring of bytes with one producer and one consumer. Redrawing
// reads from the same ring, as an unfinished line leaves it only when it ends, and so does zoom for the guests that it
// hides. So no byte is stored twice.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include "core/address.hpp"
#include "core/atomic.hpp"
#include "vm/console_filter.hpp"

namespace mullion {

/// Bytes of a line; a longer one continues on a new tagged line, so that others' lines get through.
inline constexpr std::uint32_t line_limit = 1024;

/// A ring of so many bytes, a power of two, so that positions may wrap.
///
/// Requires: the producer holds the guest's device lock, or for Mullion's own channel the lock of its lines; the
/// consumer holds the console lock. Positions count bytes since the start and wrap at 2^32.
template <std::uint32_t ring_size>
class alignas(cache_line) Ring {
 public:
    /// Bytes that put() takes. One more place is kept for finish_line().
    static constexpr std::uint32_t capacity = ring_size - 1;

    // --- the producer ---

    /// Takes a byte. Returns false if the ring is full; then the consumer's room_wanted() returns true when a quarter
    /// of it is free.
    bool put(std::uint8_t byte) {
        if (!push(byte, capacity) && !push_or_wish(byte)) {
            return false;
        }
        news_ |= is_news(byte);
        return true;
    }
    /// Ends the line that is unfinished, if there is one, even in a full ring.
    void finish_line() {
        if (is_inside_line() && push('\n', ring_size)) {
            news_ |= is_news('\n');
        }
    }

    /// Returns whether something was put since the last call that the consumer must look at now.
    bool take_news() { return std::exchange(news_, false); }
    /// Returns whether the consumer must look now that `byte` was put. If not, it has a deadline that covers the byte.
    bool is_news(std::uint8_t byte) const {
        // Full fence between the store of head_ and this load: partner is set_deadline().
        atomic_fence(std::memory_order_seq_cst);
        return byte == '\n' || expected_.load(std::memory_order_relaxed) == 0 || used() >= line_limit;
    }

    std::size_t room() const { return capacity - std::min(capacity, used()); }

    /// Returns whether the last byte did not end a line.
    bool is_inside_line() const {
        const auto head = head_.load(std::memory_order_relaxed);
        return head != 0 && bytes_[(head - 1) % ring_size] != '\n';
    }

    // --- the consumer ---

    /// Acquire pairs with push(): every byte before this position is there.
    std::uint32_t head() const { return head_.load(std::memory_order_acquire); }
    std::uint32_t tail() const { return tail_.load(std::memory_order_relaxed); }
    std::uint8_t at(std::uint32_t position) const { return bytes_[position % ring_size]; }
    /// Returns the contiguous bytes from `position` on, up to head() or the end of the ring.
    std::span<const std::uint8_t> from(std::uint32_t position) const {
        const auto start = position % ring_size;
        return std::span{bytes_}.subspan(start, std::min(head() - position, ring_size - start));
    }

    /// Returns whether a whole line waits. Lines are counted after head_ moves, so a line may be consumed before it is
    /// counted.
    bool has_line() const {
        return static_cast<std::int32_t>(lines_in_.load(std::memory_order_acquire) - lines_out_) > 0;
    }
    /// Returns how many bytes the screen does not show yet.
    std::uint32_t unseen() const { return head() - seen_; }
    /// Notes that everything before `position` is on the screen. Requires: `position` is not before tail().
    void show_to(std::uint32_t position) { seen_ = position; }
    /// Notes that nothing after tail() is on the screen any more.
    void hide() { seen_ = tail(); }

    /// Gives the bytes before `position` back to the producer. `line_ended`: the last of them ends a line.
    void release(std::uint32_t position, bool line_ended) {
        lines_out_ += line_ended ? 1 : 0;
        seen_ = position;
        left_to_ = is_left() && static_cast<std::int32_t>(left_to_ - position) > 0 ? left_to_ : position;
        // Release pairs with push(): the bytes have been read before their places are reused.
        tail_.store(position, std::memory_order_release);
    }

    /// Returns whether the producer is to be called because a put() was refused and there is room again; true once.
    bool room_wanted() {
        atomic_fence(std::memory_order_seq_cst);  // partner: put()
        if (room_wanted_.load(std::memory_order_relaxed) == 0 || room() < capacity / 4) {
            return false;
        }
        room_wanted_.store(0, std::memory_order_relaxed);
        return true;
    }

    /// The latest time to show an unfinished line (ticks). Until then is_news() is false for more bytes of it.
    std::optional<std::uint64_t> deadline() const { return deadline_; }
    void set_deadline(std::optional<std::uint64_t> at) {
        deadline_ = at;
        expected_.store(at ? 1 : 0, std::memory_order_relaxed);
        // A read of head_ after this fence sees every byte whose producer saw the old deadline. Partner: is_news().
        atomic_fence(std::memory_order_seq_cst);
    }

    /// Drops the oldest lines until half of the ring is free, or `limit` bytes were looked at. Requires: nothing of the
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
    /// Returns whether drop_oldest() has something to do.
    bool is_crowded() const { return head() - tail() > capacity / 2 || (dropping_ && head() != tail()); }
    /// Counts a dropped line. Both sides may call it: lines are dropped from the ring, and before they enter it.
    void drop() { dropped_.fetch_add(1, std::memory_order_relaxed); }
    /// Returns the number of lines dropped since the last call. Of a line that was dropped in part, the rest is shown.
    std::uint32_t take_dropped() {
        return dropped_.exchange(0, std::memory_order_relaxed) + (std::exchange(dropping_, false) ? 1 : 0);
    }

    /// The filter's state at tail(), for instance within a control sequence.
    const Filter& filter() const { return filter_; }
    void keep_filter(const Filter& filter) { filter_ = filter; }

    /// Counts Mullion's own lines about the channel's guest: those that wait, and those that were left out because too
    /// many did. Requires: the caller has the lock of these lines; take_left_out() is the consumer's.
    class Notices {
     public:
        /// Returns whether `size` more bytes may wait, with those of the same `round` at most `limit`; if so, counts
        /// them.
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
        Atomic<std::uint32_t> left_out_{0};
    };
    Notices& notices() { return notices_; }
    const Notices& notices() const { return notices_; }

    /// Time (ticks) until which the producer does not move the console on.
    std::uint64_t rests_until() const { return rests_until_; }
    void rest_until(std::uint64_t time) { rests_until_ = time; }

    /// Hands what is in the ring now over to somebody else than its producer; is_left() is true until it is out.
    void leave() { left_to_ = head(); }
    bool is_left() const { return static_cast<std::int32_t>(left_to_ - tail()) > 0; }

 private:
    std::uint32_t used() const { return head_.load(std::memory_order_relaxed) - tail_.load(std::memory_order_relaxed); }

    /// Notes that room is wanted and tries again; returns whether the byte was put. Either the consumer sees the wish
    /// after it made room, or this second attempt sees the room (Dekker's pattern: both sides store, fence, load;
    /// partner: room_wanted()).
    bool push_or_wish(std::uint8_t byte) {
        room_wanted_.store(1, std::memory_order_relaxed);
        atomic_fence(std::memory_order_seq_cst);
        return push(byte, capacity);
    }

    bool push(std::uint8_t byte, std::uint32_t limit) {
        const auto head = head_.load(std::memory_order_relaxed);
        // Acquire pairs with release().
        if (head - tail_.load(std::memory_order_acquire) >= limit) {
            return false;
        }
        bytes_[head % ring_size] = byte;
        head_.store(head + 1, std::memory_order_release);  // pairs with head()
        if (byte == '\n') {
            // After head_, so that a consumer that sees the count sees the bytes. Pairs with has_line().
            lines_in_.store(lines_in_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
        }
        return true;
    }

    // Written by the producer.
    Atomic<std::uint32_t> head_{0};
    Atomic<std::uint32_t> lines_in_{0};
    bool news_ = false;
    // Written by both.
    Atomic<std::uint32_t> room_wanted_{0};
    Atomic<std::uint32_t> dropped_{0};
    Notices notices_;
    // Written by the consumer.
    Atomic<std::uint32_t> tail_{0};
    Atomic<std::uint32_t> expected_{0};
    std::uint32_t lines_out_ = 0;
    std::uint32_t seen_ = 0;
    std::uint32_t left_to_ = 0;
    bool dropping_ = false;  ///< the bytes at tail() are the rest of a dropped line
    Filter filter_;
    std::optional<std::uint64_t> deadline_;
    std::uint64_t rests_until_ = 0;
    std::array<std::uint8_t, ring_size> bytes_{};
};

using OutputChannel = Ring<16 * 1024>;

}  // namespace mullion
