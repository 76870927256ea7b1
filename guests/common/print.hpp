// SPDX-License-Identifier: Apache-2.0
// Prints lines on the console. A line is composed first and written at once, so that lines of two harts do not mix.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace guest {

struct Hex {
    std::uint64_t value;
};

class Line {
 public:
    void add(std::string_view text);
    void add(std::unsigned_integral auto value) { add_number(value, 10); }
    void add(std::signed_integral auto value) {
        if (value < 0) {
            add("-");
        }
        add_number(value < 0 ? -static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value), 10);
    }
    void add(Hex value) {
        add("0x");
        add_number(value.value, 16);
    }
    /// Ends the line and writes it.
    void write();

 private:
    void add_number(std::uint64_t value, unsigned radix);

    std::array<char, 256> text_;
    std::size_t size_ = 0;
};

/// Writes by SBI DBCN, or if that fails by the 16550 of set_console().
void write(std::string_view text);
/// Returns the next typed character, by DBCN or the 16550; -1 if there is none.
int read_character();

/// Sets the address of a 16550 with registers one byte apart; 0 for none.
void set_console(std::uint64_t uart_base);

template <class... Parts>
void print(const Parts&... parts) {
    Line line;
    (line.add(parts), ...);
    line.write();
}

}  // namespace guest
