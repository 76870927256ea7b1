// SPDX-License-Identifier: Apache-2.0
// Simulates three guests, their operator and Mullion on one UART, which is fast, slow, or stuck for a while. Time is
// counted in ticks and passes only on request, so that everything is deterministic.
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

/// Models a 16550, which takes a FIFO's bytes when it is empty.
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
    /// Makes it take nothing for so long.
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

    /// Makes a hart of the guest print, after what it has printed before; it waits while there is no room.
    void say(std::size_t guest, std::string_view bytes);
    /// Make Mullion print a line: an answer to a key, or a notice about a guest, which is left out if too many wait.
    void print(std::string_view line);
    void tell(std::size_t guest, std::string_view line);
    /// Ends the guest and its zoom: drops what is still to be printed, and finishes its line.
    void end(std::size_t guest);
    /// Returns the guest that has the input.
    std::size_t focus() const;
    /// Makes the operator type.
    void type(std::string_view keys);
    /// Lets time pass.
    void pass(std::uint64_t ticks);
    /// Lets time pass until nothing changes any more. Returns false if something is sent for ever.
    bool settle();

    /// Returns whether everything that the guest prints was taken.
    bool has_said_all(std::size_t guest) const { return to_say_[guest].empty(); }
    const std::string& sent() const { return uart.sent(); }
    /// Called after each byte that the console took.
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
    /// The time at which a hart of the guest (any hart, for Mullion's lines) moves the console on again.
    std::array<std::uint64_t, guest_count + 1> alarms_;
};

}  // namespace mullion::console_test
