// SPDX-License-Identifier: Apache-2.0
#include "probe/pci.hpp"

#include "probe/expect.hpp"

namespace probe::pci {

std::uint64_t space(std::uint64_t function) {
    return machine().device("pci-host-ecam-generic").base + function * 4096;
}

Region bar(std::uint64_t function, unsigned slot) {
    constexpr std::uint32_t is_io = 1, is_64_bit = 4, kind = 0xf;
    const auto at = bar0 + slot * 4;
    const auto low = read(function, at);
    const bool wide = (low & is_64_bit) != 0;
    const auto size = [&](std::uint64_t where) {
        const auto value = read(function, where);
        write(function, where, ~std::uint32_t{0});
        const auto mask = read(function, where);
        write(function, where, value);
        return mask;
    };
    const std::uint64_t mask_low = size(at);
    if ((low & is_io) != 0 || mask_low == 0) {
        return {};
    }
    const std::uint64_t mask_high = wide ? size(at + 4) : ~std::uint32_t{0};
    const std::uint64_t high = wide ? read(function, at + 4) : 0;
    return {high << 32 | (low & ~kind), ~(mask_high << 32 | (mask_low & ~std::uint64_t{kind})) + 1};
}

std::uint64_t capability(std::uint64_t function, std::uint8_t id) {
    std::uint64_t at = read<std::uint8_t>(function, capabilities);
    for (int n = 0; at != 0 && n < 48 && read<std::uint8_t>(function, at) != id; ++n) {
        at = read<std::uint8_t>(function, at + 1);
    }
    return at;
}

std::optional<Edu> Edu::find() {
    constexpr std::uint32_t edu = 0x11e8'1234;
    for (std::uint64_t function = 0; function < functions; ++function) {
        if (read(function, ids) == edu) {
            return Edu{function, bar(function, 0).base};
        }
    }
    return std::nullopt;
}

void Edu::transfer(std::uint64_t from, std::uint64_t to, std::uint64_t bytes, std::uint64_t direction) const {
    enum Transfer : std::uint64_t { source = 0x80, destination = 0x88, count = 0x90, start = 0x98 };
    constexpr std::uint64_t runs = 1;
    asm volatile("fence rw, o" ::: "memory");
    write_register<std::uint64_t>(registers_ + source, from);
    write_register<std::uint64_t>(registers_ + destination, to);
    write_register<std::uint64_t>(registers_ + count, bytes);
    write_register<std::uint64_t>(registers_ + start, runs | direction);
    expect("edu ends its transfer",
           wait_until([&] { return (read_register<std::uint64_t>(registers_ + start) & runs) == 0; }));
    asm volatile("fence i, rw" ::: "memory");
}

void Edu::set_message(std::uint64_t address, std::uint32_t data) const {
    constexpr std::uint8_t msi = 5;
    constexpr std::uint16_t enable = 1;
    const auto at = capability(function_, msi);
    expect("edu has MSIs", at != 0);
    write<std::uint16_t>(function_, at + 2, 0);
    write(function_, at + 4, static_cast<std::uint32_t>(address));
    write(function_, at + 8, static_cast<std::uint32_t>(address >> 32));
    write(function_, at + 12, data);
    write<std::uint16_t>(function_, at + 2, enable);
}

void Edu::interrupt() const {
    constexpr std::uint64_t raise = 0x60, acknowledge = 0x64;
    write_register<std::uint32_t>(registers_ + raise, 1);
    write_register<std::uint32_t>(registers_ + acknowledge, 1);
}

}  // namespace probe::pci
