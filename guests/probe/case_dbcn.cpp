// SPDX-License-Identifier: Apache-2.0
// SBI chapter 12, "Debug Console Extension".
#include <algorithm>
#include <array>

#include "common/mmio.hpp"
#include "probe/cases.hpp"
#include "probe/expect.hpp"

namespace probe {
namespace {

enum Function : std::uint64_t { write_bytes, read_bytes, write_byte };

sbi::Result transfer(Function function, std::uint64_t size, std::uint64_t low, std::uint64_t high = 0) {
    return sbi::call(sbi::dbcn, function, {size, low, high});
}

/// The text comes out as one line; the harness looks for it.
void write_prints() {
    constexpr std::string_view text = "probe: by console_write\n";
    std::size_t done = 0;
    while (done < text.size()) {
        const auto written =
            transfer(write_bytes, text.size() - done, reinterpret_cast<std::uint64_t>(text.data() + done));
        expect_success("console_write", written);
        expect("not more than asked", written.value <= text.size() - done);
        done += written.value;
    }
}

void write_byte_prints() {
    for (const char c : std::string_view{"probe: by console_write_byte\n"}) {
        expect_success("console_write_byte", sbi::call(sbi::dbcn, write_byte, {static_cast<std::uint64_t>(c)}));
    }
}

void zero_bytes_are_no_error() {
    const auto address = reinterpret_cast<std::uint64_t>(case_name().data());
    for (const auto function : {write_bytes, read_bytes}) {
        const auto result = transfer(function, 0, address);
        expect_success("zero bytes", result);
        expect_equal("bytes", 0, result.value);
    }
}

void read_without_input_returns_nothing() {
    std::array<char, 8> buffer{};
    const auto read = transfer(read_bytes, buffer.size(), reinterpret_cast<std::uint64_t>(buffer.data()));
    expect_success("console_read", read);
    expect_equal("bytes", 0, read.value);
}

/// The harness types after the announcement. console_read does not depend on the UART's registers, not even on DLAB,
/// which makes the first one another register than the receiver.
void read_returns_what_was_typed() {
    constexpr std::string_view typed = "by console_read";
    constexpr std::uint64_t line_control = 3;
    constexpr std::uint8_t dlab = 0x80;
    const auto register_address = machine().uart.base + line_control;
    const auto setting = read_register<std::uint8_t>(register_address);
    write_register<std::uint8_t>(register_address, setting | dlab);
    print("probe: dbcn.read waits");
    std::array<char, typed.size() + 1> buffer{};
    std::size_t size = 0;
    const bool came = wait_until([&] {
        const std::size_t room = std::min<std::size_t>(4, typed.size() - size);
        const auto read = transfer(read_bytes, room, reinterpret_cast<std::uint64_t>(buffer.data() + size));
        size += read.value;
        return read.error != sbi::success || read.value > room || size == typed.size();
    });
    write_register<std::uint8_t>(register_address, setting);
    expect("as many bytes as were typed", came && size == typed.size());
    expect("the bytes that were typed", typed == std::string_view{buffer.data(), size});
    expect_equal("what lies behind the buffer", 0, static_cast<std::uint8_t>(buffer.back()));
}

void bad_addresses_are_refused() {
    const auto windows = machine().windows();
    const auto end = windows.back().end();
    for (const auto function : {write_bytes, read_bytes}) {
        const auto refused = [&](std::string_view what, std::uint64_t size, std::uint64_t low, std::uint64_t high = 0) {
            expect_error(what, sbi::invalid_param, transfer(function, size, low, high));
        };
        refused("address 0", 1, 0);
        refused("the first byte after memory", 1, end);
        refused("straddling the end", 2, end - 1);
        refused("straddling the end by much", std::uint64_t{1} << 40, end - 4096);
        refused("before memory", 2, windows.front().base - 1);
        refused("the UART", 1, machine().uart.base);
        refused("the interrupt controller", 4, machine().interrupt_controller().base);
        refused("the high half not zero", 1, windows.front().base, 1);
        refused("size that wraps", ~std::uint64_t{0}, windows.front().base + 0x20'0000);
        refused("size that wraps to the start", ~windows.front().base, windows.front().base + 1);
    }
}

/// Two adjacent windows are one piece of memory for the guest.
void text_across_adjacent_windows_prints() {
    const auto windows = machine().windows();
    constexpr std::string_view text = "probe: across two windows\n";
    for (std::size_t i = 0; i + 1 < windows.size(); ++i) {
        if (windows[i].end() != windows[i + 1].base) {
            continue;
        }
        auto* const at = reinterpret_cast<char*>(windows[i].end() - text.size() / 2);
        std::copy(text.begin(), text.end(), at);
        for (std::size_t done = 0; done < text.size();) {
            const auto written = transfer(write_bytes, text.size() - done, reinterpret_cast<std::uint64_t>(at + done));
            expect_success("console_write", written);
            done += written.value;
        }
        return;
    }
    expect("two windows of the description meet", false);
}

[[gnu::section(".cases"), gnu::used]] constexpr std::array cases{
    Case{"dbcn.write", write_prints},
    Case{"dbcn.write-byte", write_byte_prints},
    Case{"dbcn.zero", zero_bytes_are_no_error},
    Case{"dbcn.read-nothing", read_without_input_returns_nothing},
    Case{"dbcn.read", read_returns_what_was_typed, When::by_name},
    Case{"dbcn.bad-address", bad_addresses_are_refused, When::on_mullion},
    Case{"dbcn.two-windows", text_across_adjacent_windows_prints, When::on_mullion},
};

}  // namespace

}  // namespace probe
