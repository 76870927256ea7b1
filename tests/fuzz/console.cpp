// SPDX-License-Identifier: Apache-2.0
// Interprets bytes as acts of three guests and an operator at the console, on a UART that is fast, slow or stuck. The
// judge of tests/console must have no complaints.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>

#include "console/attacks.hpp"
#include "console/judge.hpp"
#include "console/world.hpp"
#include "tally.hpp"

namespace mullion::fuzz {
namespace {

using namespace console_test;

Tally tally;

/// The input, taken byte by byte, with zeros after its end.
class Script {
 public:
    explicit Script(std::span<const std::uint8_t> bytes) : left_(bytes) {}

    bool is_over() const { return left_.empty(); }
    std::uint8_t next() {
        const std::uint8_t byte = left_.empty() ? 0 : left_.front();
        left_ = left_.subspan(left_.empty() ? 0 : 1);
        return byte;
    }
    /// Returns text of a guest, without the letters by which the judge identifies guests and Mullion.
    std::string text(std::size_t size) {
        std::string text;
        while (text.size() < size && !left_.empty()) {
            const auto byte = next();
            text += static_cast<char>(byte == 0xce || byte == '#' ? byte + 1 : byte);
        }
        return text;
    }
    /// Returns what the operator types, without keys for Mullion.
    std::string typed(std::size_t size) {
        auto bytes = text(size);
        std::ranges::replace(bytes, '\x1d', ' ');
        return bytes;
    }

 private:
    std::span<const std::uint8_t> left_;
};

std::string_view attack(Script& script) {
    const auto number = static_cast<std::size_t>(script.next()) * 256 + script.next();
    return attacks()[number % attacks().size()].bytes;
}

/// Repeats a few bytes as often as a line or a ring may have bytes, or one more or less.
void say_again(Script& script, World& world, std::size_t guest) {
    constexpr std::array lengths{10, 100, 1000, 1023, 1024, 1025, 1279, 1280, 1281, 2048, 4096, 16384};
    const std::size_t length = lengths[script.next() % lengths.size()];
    auto text = script.text(1 + script.next() % 4);
    while (!text.empty() && text.size() < length) {
        text += text;
    }
    world.say(guest, std::string_view{text}.substr(0, length));
}

void act(Script& script, World& world, Judge& judge) {
    const auto choice = script.next();
    const std::size_t guest = choice / 16 % guest_count;
    switch (choice % 16) {
        case 0:
            return world.say(guest, script.text(script.next() % 64));
        case 1:
            return world.say(guest, attack(script));
        case 2:
            return judge.say_line(guest, attack(script));
        case 3:
            return judge.say_line(guest, script.text(script.next() % 64));
        case 4:
            return world.say(guest, "\n");
        case 5:
            return say_again(script, world, guest);
        case 6:
        case 7:
            return world.pass(1U << script.next() % 20);
        case 8:
            return world.uart.set_pace(script.next() % 128);
        case 9:
            return world.uart.stall(1U << script.next() % 24);
        case 10:
            return judge.print_line("said");
        case 11:
            return world.tell(guest, "is told");
        case 12:
            return judge.end(guest);
        case 13:
            return judge.zoom_in_or_out();
        case 14:
            return judge.press(static_cast<char>(script.next()));
        default:
            return world.type(script.typed(script.next() % 8));
    }
}

}  // namespace
}  // namespace mullion::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mullion;
    using namespace mullion::fuzz;
    Script script({data, size});
    const auto shape = script.next();
    constexpr std::array columns{40, 80, 132};
    World world{shape % 2 == 1};
    Judge judge{world, {.columns = columns[shape / 2 % columns.size()], .color = shape % 2 == 1}};
    while (!script.is_over()) {
        act(script, world, judge);
        judge.look();
    }
    judge.finish();
    tally.count(judge.lines_seen() < 4 ? "few-lines" : "lines");
    tally.count(judge.has_zoomed() ? "zoomed" : "not-zoomed");
    if (!judge.complaints().empty()) {
        fmt::print(stderr, "FOUND: {}\n", fmt::join(judge.complaints(), "\nFOUND: "));
        std::abort();
    }
    return 0;
}
