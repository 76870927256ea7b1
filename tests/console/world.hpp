// SPDX-License-Identifier: Apache-2.0
// Three guests, their operator and Mullion on one UART, which is fast, slow, or stuck for a while. Time is counted in
// ticks and passes when the world lets it: what happens is decided by what is asked for and by nothing else.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace mullion::console_test {

inline constexpr std::size_t alpha = 0, beta = 1, gamma = 2, guest_count = 3, mullions_own = 3;

/// A 16550: takes a FIFO's bytes when it is empty.
class Uart {
 public:
    static constexpr std::size_t fifo = 16;

    // --- what the console asks for (vm/console_port.hpp) ---

    std::size_t room() const;
    void send(std::span<const std::uint8_t> bytes);
    std::uint64_t now() const { return now_; }
    void room_again(std::size_t guest) { offered_[guest] = true; }

    // --- what the world does to it ---

    void set_pace(std::uint64_t ticks_per_byte) { pace_ = ticks_per_byte; }
    /// It takes nothing for so long.
    void stall(std::uint64_t ticks) { empty_at_ = std::max(empty_at_, now_) + ticks; }
    void advance_to(std::uint64_t time) { now_ = time; }
    bool take_offer(std::size_t guest) { return std::exchange(offered_[guest], false); }
    const std::string& sent() const { return sent_; }

 private:
    std::string sent_;
    std::uint64_t now_ = 0;
    std::uint64_t pace_ = 0;
    std::uint64_t empty_at_ = 0;
    std::array<bool, guest_count + 1> offered_{};
};

class World {
 public:
    static constexpr std::uint64_t ticks_per_second = 1'000'000;

    explicit World(bool color);
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    Uart uart;

    /// A hart of the guest says that, and waits where there is no room; what it said before comes first.
    void say(std::size_t guest, std::string_view bytes);
    /// Mullion says a line: an answer to a key, or a notice about a guest, of which too many are left out.
    void print(std::string_view line);
    void tell(std::size_t guest, std::string_view line);
    /// The guest ends, and with it its zoom: what it had not said yet is never said, and its line is finished.
    void end(std::size_t guest);
    /// Has the input.
    std::size_t focus() const;
    /// The operator types.
    void type(std::string_view keys);
    /// So much time passes.
    void pass(std::uint64_t ticks);
    /// Time passes until nothing moves any more. False: something was sent for ever.
    bool settle();

    /// The guest has nothing more to say: all was taken.
    bool has_said_all(std::size_t guest) const { return to_say_[guest].empty(); }
    const std::string& sent() const { return uart.sent(); }
    /// Called for each byte that the console took, just after.
    std::function<void(std::size_t guest, std::uint8_t byte)> on_taken = [](auto, auto) {};

 private:
    struct Parts;

    void feed();
    bool feed(std::size_t guest);
    void move_on(std::size_t channel);
    std::size_t next_alarm() const;

    std::unique_ptr<Parts> parts_;
    std::array<std::deque<std::uint8_t>, guest_count> to_say_;
    std::array<bool, guest_count> refused_{};
    /// When a hart of the guest (of any, for Mullion's own) looks at the console again: set by itself alone.
    std::array<std::uint64_t, guest_count + 1> alarms_;
};

}  // namespace mullion::console_test
