// SPDX-License-Identifier: Apache-2.0
// Provides a console on a terminal that records, for the console's tests.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rooms/terminal.hpp"
#include "vm/console.hpp"

namespace mullion {

struct FakeTerminal {
    std::string shown;
    std::size_t accepted = SIZE_MAX;  ///< bytes that the UART takes before it is full
    std::uint64_t time = 0;           ///< ticks: one a millisecond
    std::vector<std::size_t> room_offered;

    /// Takes pieces, like a FIFO.
    std::size_t room() const { return std::min<std::size_t>(accepted, 3); }
    void send(std::span<const std::uint8_t> bytes) {
        EXPECT_LE(bytes.size(), room());
        accepted -= bytes.size();
        shown.append(bytes.begin(), bytes.end());
    }
    std::uint64_t now() const { return time; }
    void room_again(std::size_t guest) { room_offered.push_back(guest); }
};

using TestedConsole = Console<FakeTerminal, Terminal>;

class ConsoleFixture : public ::testing::Test {
 protected:
    static constexpr std::size_t alpha = 0, beta = 1, gamma = 2;

    void start(std::vector<std::string_view> names, bool color = false) {
        guests_.resize(names.size());
        for (std::size_t i = 0; i < names.size(); ++i) {
            guests_[i].name = names[i];
        }
        description_.board.timebase_frequency = 1000;
        description_.guests = guests_;
        description_.color = color;
        restart();
    }
    Description& description() { return description_; }
    void restart() {
        channels_ = std::vector<OutputChannel>(description_.guests.size() + 1);
        console_ = std::make_unique<TestedConsole>(terminal, description_, channels_);
    }
    void SetUp() override { start({"alpha", "beta"}); }

    TestedConsole& console() { return *console_; }
    OutputChannel& channel(std::size_t owner) { return channels_[owner]; }

    /// Prints as a guest does, byte by byte, and moves on after each. Returns the number of bytes taken.
    std::size_t say(std::size_t guest, std::string_view text) {
        std::size_t taken = 0;
        for (const char c : text) {
            taken += channel(guest).put(static_cast<std::uint8_t>(c)) ? 1 : 0;
            console().move_on(guest);
        }
        return taken;
    }
    /// Puts all of it before the console looks.
    void queue(std::size_t guest, std::string_view text) {
        for (const char c : text) {
            ASSERT_TRUE(channel(guest).put(static_cast<std::uint8_t>(c)));
        }
    }
    /// Types keys, and returns the last action.
    ConsoleAction type(std::string_view keys) {
        ConsoleAction action;
        for (const char c : keys) {
            action = console().input(static_cast<std::uint8_t>(c));
            console().pump();
        }
        return action;
    }
    /// Returns when the first of the channels' owners is to come again.
    std::optional<std::uint64_t> deadline() {
        std::optional<std::uint64_t> first;
        for (std::size_t owner = 0; owner < channels_.size(); ++owner) {
            const auto due = console().deadline(owner);
            first = due ? std::min(first.value_or(*due), *due) : first;
        }
        return first;
    }
    /// Lets time pass, and pumps at each deadline.
    void wait(std::uint64_t milliseconds) {
        const auto end = terminal.time + milliseconds;
        while (const auto deadline = this->deadline()) {
            if (*deadline > end) {
                break;
            }
            terminal.time = std::max(terminal.time, *deadline);
            console().pump();
        }
        terminal.time = end;
    }
    /// Pumps until nothing is left for the UART, which takes everything.
    void drain() {
        int left = 1000;  // with an unfinished line it is not idle before that one's deadline
        do {
            console().pump();
        } while (!console().is_idle() && --left != 0);
    }
    /// Returns what was shown since the last call.
    std::string shown() { return std::exchange(terminal.shown, {}); }

    FakeTerminal terminal;

 private:
    std::vector<Guest> guests_;
    Description description_;
    std::vector<OutputChannel> channels_;
    std::unique_ptr<TestedConsole> console_;
};

}  // namespace mullion
