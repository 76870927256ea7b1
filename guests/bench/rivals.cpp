// SPDX-License-Identifier: Apache-2.0
#include "bench/rivals.hpp"

#include <array>
#include <string_view>

#include "bench/interrupts.hpp"
#include "common/mmio.hpp"
#include "common/print.hpp"
#include "common/sbi.hpp"

namespace bench {
namespace {

constexpr int repetitions = 200;
constexpr std::uint64_t page = 0x80300000;

Machine board;

/// Repeats an operation with pauses, in which the others get far.
void repeat(auto operation) {
    constexpr int between_pauses = 10;
    for (int i = 0; i < repetitions; ++i) {
        if (i % between_pauses == 0) {
            sleep(40'000);
        }
        operation();
    }
}

std::uint64_t target_of_uart() {
    return board.aplic.base + 0x3000 + 4 * board.uart.source;
}

void storm_once(std::uint64_t self) {
    constexpr std::array<std::uint64_t, 6> extensions{sbi::base, sbi::time, sbi::ipi, sbi::hsm, sbi::pmu, 0x1234567};
    constexpr std::uint64_t every = ~std::uint64_t{0};
    for (const auto extension : extensions) {
        sbi::call(extension, 0x77, {every, every, every});
    }
    sbi::call(sbi::base, 3, {sbi::rfence});
    sbi::set_timer(every);
    sbi::hart_status(self);
    sbi::send_ipi(0, every);
    sbi::call(sbi::rfence, 0, {0, every});
    sbi::call(sbi::rfence, 1, {0, every, page, 4096});
    sbi::call(sbi::rfence, 2, {std::uint64_t{1} << self, 0, page, 4096, 1});
    sbi::call(sbi::rfence, 1, {every, 1, 0, 0});
    sbi::call(sbi::pmu, 0);
    read_register<std::uint32_t>(target_of_uart());
    write_register<std::uint32_t>(board.aplic.base + 0x2000, board.uart.source);
    read_register<std::uint8_t>(board.uart.base + 5);
    write_csr<sip>(0);
}

[[noreturn]] void storm_for_ever(std::uint64_t self) {
    while (true) {
        storm_once(self);
    }
}

/// On the second hart.
[[noreturn]] void join(std::uint64_t) {
    storm_for_ever(1);
}

}  // namespace

void endure(const Machine& machine, std::uint64_t self) {
    board = machine;
    const auto own = std::uint64_t{1} << self;
    sleep(machine.ticks_per_second / 10);
    repeat([] { sbi::call(sbi::base, 0); });
    repeat([] { sbi::set_timer(~std::uint64_t{0}); });
    repeat([=] {
        sbi::send_ipi(own);
        write_csr<sip>(0);
    });
    repeat([=] { sbi::call(sbi::rfence, 0, {own}); });
    repeat([=] { sbi::call(sbi::rfence, 1, {own}); });
    repeat([=] { sbi::call(sbi::rfence, 1, {own, 0, page, 4096}); });
    repeat([=] { sbi::call(sbi::rfence, 2, {own, 0, page, 4096, 1}); });
    repeat([] { sbi::call(sbi::pmu, 0); });
    repeat([] { read_register<std::uint32_t>(target_of_uart()); });
    repeat([] { write_register<std::uint32_t>(board.aplic.base + 0x2000, board.uart.source); });
    sbi::reset(0, 0);
}

void storm(const Machine& machine, std::uint64_t self) {
    board = machine;
    void (*const job)(std::uint64_t) = &join;
    sbi::hart_start(1, reinterpret_cast<std::uint64_t>(&started), reinterpret_cast<std::uint64_t>(job));
    storm_for_ever(self);
}

/// Prints line by line with pauses, then as much at once as the console takes.
void flood() {
    repeat([] { print("bench: flood ............................................................................"); });
    static std::array<char, 16'384> lines;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        lines[i] = i % 64 == 63 ? '\n' : '.';
    }
    for (int i = 0; i < 10 * repetitions; ++i) {
        sbi::call(sbi::dbcn, 0, {lines.size(), reinterpret_cast<std::uint64_t>(lines.data()), 0});
    }
    sbi::reset(1, 0);
}

void scribble() {
    // Each is costly for the console in another way: sequences that show nothing, tags that are redrawn, moving
    // cursors, lines of one byte, characters of four bytes, and invalid ones.
    constexpr std::array<std::string_view, 8> costly{
        "\x1b[1m\x1b[0m",
        "\rx",
        "x\x1b[9G\x1b[2K",
        "xx\b",
        "\n",
        "\xf0\x9f\x98\x80",
        "\x80",
        "\x1b[0;1;2;3;4;5;6;7;8;9;30;31;32;33;34;35;36;37m",
    };
    static std::array<char, 2'048> text;
    for (std::size_t kind = 0;; kind = (kind + 1) % costly.size()) {
        for (std::size_t i = 0; i < text.size(); ++i) {
            text[i] = costly[kind][i % costly[kind].size()];
        }
        sbi::call(sbi::dbcn, 0, {text.size(), reinterpret_cast<std::uint64_t>(text.data()), 0});
    }
}

void whisper(const Machine& machine) {
    const auto millisecond = machine.ticks_per_second / 1000;
    sleep(millisecond);
    for (const auto end = now() + 10 * millisecond; now() < end;) {
        for (const char c : {'x', '\n'}) {
            write_register<std::uint8_t>(machine.uart.base, static_cast<std::uint8_t>(c));
        }
        sleep(millisecond / 25);
    }
    sbi::reset(0, 0);
}

}  // namespace bench
