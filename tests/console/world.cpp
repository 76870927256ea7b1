// SPDX-License-Identifier: Apache-2.0
#include "world.hpp"

#include <algorithm>
#include <vector>

#include "rooms/terminal.hpp"
#include "vm/console.hpp"

namespace mullion::console_test {

std::size_t Uart::room() const {
    return now_ < empty_at_ ? 0 : fifo;
}

void Uart::send(std::span<const std::uint8_t> bytes) {
    sent_.append(bytes.begin(), bytes.end());
    empty_at_ = std::max(empty_at_, now_) + pace_ * bytes.size();
}

/// Has the console and what it is made of.
struct World::Parts {
    Parts(Uart& uart, bool color) : description(describe(color)), console(uart, description, channels) {}

    Description describe(bool color) {
        constexpr std::array<std::string_view, guest_count> names{"alpha", "beta", "gamma"};
        for (std::size_t i = 0; i < guest_count; ++i) {
            guests[i].name = names[i];
        }
        Description machine;
        machine.board.timebase_frequency = ticks_per_second;
        machine.guests = guests;
        machine.color = color;
        return machine;
    }

    std::array<Guest, guest_count> guests;
    Description description;
    std::vector<OutputChannel> channels{guest_count + 1};
    Console<Uart, Terminal> console;
};

World::World(bool color) : parts_(std::make_unique<Parts>(uart, color)) {
    alarms_.fill(UINT64_MAX);
    parts_->console.greet();
    move_on(mullions_own);
}

World::~World() = default;

std::size_t World::focus() const {
    return parts_->console.focus();
}

void World::say(std::size_t guest, std::string_view bytes) {
    to_say_[guest].insert(to_say_[guest].end(), bytes.begin(), bytes.end());
    feed();
}

void World::print(std::string_view line) {
    parts_->console.print(line);
    move_on(mullions_own);
}

void World::tell(std::size_t guest, std::string_view line) {
    if (!parts_->console.tell(guest, line)) {
        parts_->console.leave_out(guest);
    }
    move_on(mullions_own);
}

void World::end(std::size_t guest) {
    to_say_[guest].clear();
    parts_->console.finish_line(guest);
    if (parts_->console.focus() == guest) {
        parts_->console.leave_zoom();
    }
    move_on(guest);
}

void World::type(std::string_view keys) {
    for (const char key : keys) {
        parts_->console.input(static_cast<std::uint8_t>(key));
        move_on(mullions_own);
    }
}

void World::pass(std::uint64_t ticks) {
    const auto end = uart.now() + ticks;
    for (feed(); alarms_[next_alarm()] <= end; feed()) {
        uart.advance_to(std::max(uart.now(), alarms_[next_alarm()]));
        move_on(next_alarm());
    }
    uart.advance_to(end);
}

/// Lets time pass up to a limit that allows for four rings of 16 KiB, with a line redrawn after each few of others'.
bool World::settle() {
    constexpr std::size_t enough = 2'000'000;
    const auto before = sent().size();
    for (feed(); alarms_[next_alarm()] != UINT64_MAX; feed()) {
        if (sent().size() - before > enough) {
            return false;
        }
        uart.advance_to(std::max(uart.now(), alarms_[next_alarm()]));
        move_on(next_alarm());
    }
    return true;
}

/// Puts what guests have to print, in turn, as far as there is room.
void World::feed() {
    for (bool moved = true; moved;) {
        moved = false;
        for (std::size_t guest = 0; guest < guest_count; ++guest) {
            moved |= feed(guest);
        }
    }
}

bool World::feed(std::size_t guest) {
    constexpr int at_once = 64;
    auto& left = to_say_[guest];
    refused_[guest] = refused_[guest] && !uart.take_offer(guest);
    int taken = 0;
    while (taken < at_once && !left.empty() && !refused_[guest]) {
        const auto byte = left.front();
        refused_[guest] = !parts_->channels[guest].put(byte);
        if (!refused_[guest]) {
            left.pop_front();
            on_taken(guest, byte);
            ++taken;
        }
    }
    if (parts_->channels[guest].take_news()) {
        move_on(guest);
    }
    return taken != 0;
}

/// Moves the console on as the guest's harts do, or for Mullion's lines any hart.
void World::move_on(std::size_t channel) {
    alarms_[channel] = parts_->console.move_on(channel).value_or(UINT64_MAX);
}

std::size_t World::next_alarm() const {
    return static_cast<std::size_t>(std::ranges::min_element(alarms_) - alarms_.begin());
}

}  // namespace mullion::console_test
