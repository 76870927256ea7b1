// SPDX-License-Identifier: Apache-2.0
// Writes streams, for ever, that must not block the console; prints lines beside them; and does not read input
// (tests/target/streams_test.cpp).
#include <algorithm>
#include <array>
#include <utility>

#include "probe/cases.hpp"
#include "probe/devices.hpp"
#include "probe/expect.hpp"
#include "probe/sse.hpp"

namespace probe {
namespace {

std::uint64_t millisecond() {
    return machine().ticks_per_second / 1000;
}

[[noreturn]] void fall_silent() {
    while (true) {
        sleep(1000 * millisecond());
    }
}

void write_byte(char c) {
    sbi::call(sbi::dbcn, sbi::console_write_byte, {static_cast<std::uint8_t>(c)});
}
void write_legacy(char c) {
    sbi::call(sbi::console_putchar, 0, {static_cast<std::uint8_t>(c)});
}
void write_uart(char c) {
    while (!uart::is_transmitter_empty()) {
    }
    uart::write(uart::data, static_cast<std::uint8_t>(c));
}

void begin() {
    print("probe: ", case_name(), " begins");
}

/// Writes `bytes` repeatedly, byte by byte.
[[noreturn]] void drip(void (*put)(char), std::string_view bytes, std::uint64_t pause = 0) {
    begin();
    while (true) {
        for (const char c : bytes) {
            put(c);
            if (pause != 0) {
                sleep(pause);
            }
        }
    }
}

using Much = std::array<char, 16'384>;

/// Returns a text of repeated `bytes`.
const Much& much_of(std::string_view bytes) {
    static Much text;
    for (std::size_t i = 0; i < text.size(); ++i) {
        text[i] = bytes[i % bytes.size()];
    }
    return text;
}

/// Writes `bytes` repeatedly, as much at once as the console takes.
[[noreturn]] void pour(std::string_view bytes) {
    const auto& text = much_of(bytes);
    begin();
    while (true) {
        sbi::call(sbi::dbcn, sbi::console_write, {text.size(), reinterpret_cast<std::uint64_t>(text.data())});
    }
}

/// Writes as many bytes as a line may have, without a newline.
void fill_a_line() {
    constexpr int longest = 1024;
    begin();
    for (int i = 0; i < longest; ++i) {
        write_byte('x');
    }
    fall_silent();
}

void return_often() {
    const auto& text = much_of("\r");
    begin();
    write({text.data(), text.size()});
    fall_silent();
}

/// Prints lines, and the time at which all of them were complete.
void say_lines() {
    constexpr std::string_view line = "line 000\n";
    constexpr std::size_t lines = 150;
    static std::array<char, lines * line.size()> text;
    for (std::size_t i = 0; i < lines; ++i) {
        const auto at = std::ranges::copy(line, &text[i * line.size()]).out;
        for (auto [digit, left] = std::pair{at - 1, i}; left != 0; left /= 10) {
            *--digit = static_cast<char>('0' + left % 10);
        }
    }
    write({text.data(), text.size()});
    print("complete at ", now());
}

void tell_the_time() {
    print("time ", now());
}

/// Reads a byte, and no other until the operator interrupts it.
void do_not_read() {
    auto& event = sse::enable_event(sse::local);
    sse::must(sse::unmask);
    begin();
    while (read_character() < 0) {
        sleep(10 * millisecond());
    }
    const auto typed_at = now();
    // Does not sleep at first: on a machine that counts instructions the time of a sleep passes before more can be
    // typed.
    while (event.runs == 0 && now() - typed_at < 100 * millisecond()) {
    }
    while (event.runs == 0) {
        sleep(10 * millisecond());
    }
    const auto waited = (now() - typed_at) / millisecond();
    std::uint64_t count = 1;
    while (read_character() >= 0) {
        ++count;
    }
    print("probe: ", case_name(), " reads ", count, " after ", waited, " ms");
    sse::must(sse::mask);
    sse::forget(sse::local);
}

[[gnu::section(".cases"), gnu::used]] constexpr std::array cases{
    Case{"stream.fill", fill_a_line, When::by_name},
    Case{"stream.returns", return_often, When::by_name},
    Case{"stream.hold", [] { drip(write_legacy, "\r", millisecond()); }, When::by_name},
    Case{"stream.control", [] { drip(write_byte, "\x1b[1;2;3", millisecond()); }, When::by_name},
    Case{"stream.string", [] { drip(write_uart, "\x1b]0;x", millisecond()); }, When::by_name},
    Case{"stream.lines", [] { pour("0123456789abcdefghijklmnopqrstuvwxyz-0123456789abcdefghijklmnop\n"); },
         When::by_name},
    Case{"stream.text", [] { pour("never ends, "); }, When::by_name},
    Case{"stream.nothing",
         [] {
             pour({"\0\0\xf0\x9f", 4});
         },
         When::by_name},
    Case{"stream.terminal",
         [] { drip(write_uart, "\x1b[6n\x1b[H\b\bmullion| \x1b[2K\x07\x1b[?25l\x1b[41m\xc2\x9bx\n"); }, When::by_name},
    Case{"stream.burst", say_lines, When::by_name},
    Case{"stream.time", tell_the_time, When::by_name},
    Case{"stream.deaf", do_not_read, When::by_name},
};

}  // namespace

}  // namespace probe
