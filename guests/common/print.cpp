// SPDX-License-Identifier: Apache-2.0
#include "common/print.hpp"

#include "common/mmio.hpp"
#include "common/sbi.hpp"

namespace guest {
namespace {

std::uint64_t uart;

constexpr std::uint64_t line_status = 5;
constexpr std::uint8_t data_ready = 0x01;
constexpr std::uint8_t transmitter_empty = 0x20;

void write_uart(std::string_view text) {
    for (const char c : text) {
        while ((read_register<std::uint8_t>(uart + line_status) & transmitter_empty) == 0) {
        }
        write_register<std::uint8_t>(uart, static_cast<std::uint8_t>(c));
    }
}

}  // namespace

void set_console(std::uint64_t uart_base) {
    uart = uart_base;
}

void write(std::string_view text) {
    while (!text.empty()) {
        const auto written = sbi::call(sbi::dbcn, 0, {text.size(), reinterpret_cast<std::uint64_t>(text.data())});
        if (written.error != sbi::success || written.value > text.size()) {
            break;
        }
        text.remove_prefix(written.value);  // the console may take a part (SBI 12.1)
    }
    if (uart != 0) {
        write_uart(text);
    }
}

int read_character() {
    char c = 0;
    const auto read = sbi::call(sbi::dbcn, 1, {1, reinterpret_cast<std::uint64_t>(&c)});
    if (read.error == sbi::success) {
        return read.value == 1 ? static_cast<unsigned char>(c) : -1;
    }
    if (uart != 0 && (read_register<std::uint8_t>(uart + line_status) & data_ready) != 0) {
        return read_register<std::uint8_t>(uart);
    }
    return -1;
}

void Line::add(std::string_view text) {
    for (const char c : text) {
        if (size_ < text_.size() - 1) {  // room for the end of the line
            text_[size_++] = c;
        }
    }
}

void Line::add_number(std::uint64_t value, unsigned radix) {
    std::array<char, 20> digits;
    auto at = digits.size();
    do {
        digits[--at] = "0123456789abcdef"[value % radix];
        value /= radix;
    } while (value != 0);
    add({&digits[at], digits.size() - at});
}

void Line::write() {
    text_[size_++] = '\n';
    guest::write({text_.data(), size_});
}

}  // namespace guest
