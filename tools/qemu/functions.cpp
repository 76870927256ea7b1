// SPDX-License-Identifier: Apache-2.0
// Prints the PCI functions on bus 0 of QEMU's `virt` machine as nodes below its host bridge (PCI bus binding to Open
// Firmware), with addresses for their BARs. Nothing assigned any: the firmware that QEMU has does not. board.sh says by
// definitions where the bridge is.
#include <array>
#include <cstddef>
#include <cstdint>

namespace {

constexpr std::uint64_t ecam = ECAM;
constexpr std::uint64_t uart = 0x1000'0000;  // 16550; QEMU takes bytes without any setting
constexpr std::uint64_t page_size = 4096;
constexpr std::size_t max_bars = 6;

// Offsets in configuration space (PCI, type 0 header).
constexpr std::uint32_t command = 4;
constexpr std::uint32_t class_code = 8;
constexpr std::uint32_t header_type = 12;
constexpr std::uint32_t first_bar = 0x10;

/// Memory of the bus that is not assigned yet.
struct Window {
    std::uint64_t at;
    std::uint64_t end;
};

Window memory_32{MEMORY_32, std::uint64_t{MEMORY_32} + MEMORY_32_SIZE};
Window memory_64{MEMORY_64, std::uint64_t{MEMORY_64} + MEMORY_64_SIZE};

struct Bar {
    std::uint64_t at = 0;
    std::uint64_t size = 0;  ///< 0: none, or ports
    bool is_64_bit = false;
    bool is_prefetchable = false;
};

struct Kind {
    std::uint32_t class_code;  ///< class and subclass, or a class alone
    std::uint32_t shift;       ///< what of the register counts
    const char* node;
    const char* label;
};

constexpr std::array kinds{Kind{0x0108, 16, "nvme", "nvme"}, Kind{0x01, 24, "disk", "disk"},
                           Kind{0x02, 24, "ethernet", "eth"}, Kind{0x0c03, 16, "usb", "usb"},
                           Kind{0, 32, "function", "pci"}};
std::array<unsigned, kinds.size()> counts{};

volatile std::uint32_t& config(unsigned number, std::uint32_t offset) {
    return *reinterpret_cast<volatile std::uint32_t*>(ecam + number * page_size + offset);
}

void put(char c) {
    *reinterpret_cast<volatile char*>(uart) = c;
}

void put(const char* text) {
    for (; *text != 0; ++text) {
        put(*text);
    }
}

void put_hex(std::uint64_t value) {
    if (value >= 16) {
        put_hex(value / 16);
    }
    put("0123456789abcdef"[value % 16]);
}

void put_cell(std::uint64_t value) {
    put(" 0x");
    put_hex(value & 0xffff'ffff);
}

/// Returns a BAR's size, and puts it back. Requires: the function decodes no memory.
Bar size_of(unsigned number, std::size_t slot) {
    constexpr std::uint32_t is_ports = 0b1;
    constexpr std::uint32_t kind_64 = 0b100;
    constexpr std::uint32_t prefetchable = 0b1000;
    constexpr std::uint32_t kind_bits = 0b1111;
    auto& low = config(number, static_cast<std::uint32_t>(first_bar + slot * 4));
    const auto before = low;
    low = ~0U;
    const auto found = low;
    low = before;
    Bar bar{.is_64_bit = (found & 0b110) == kind_64, .is_prefetchable = (found & prefetchable) != 0};
    if (found == 0 || (found & is_ports) != 0) {
        return {};
    }
    std::uint64_t mask = ~std::uint64_t{0} << 32 | (found & ~kind_bits);
    if (bar.is_64_bit && slot + 1 < max_bars) {
        auto& high = config(number, static_cast<std::uint32_t>(first_bar + slot * 4 + 4));
        const auto high_before = high;
        high = ~0U;
        mask = std::uint64_t{high} << 32 | (found & ~kind_bits);
        high = high_before;
    }
    bar.size = ~mask + 1;
    return bar;
}

/// Assigns an address, on pages that no other BAR has. Returns whether there was room.
bool assign(Bar& bar) {
    auto& window = bar.is_64_bit ? memory_64 : memory_32;
    const auto unit = bar.size < page_size ? page_size : bar.size;
    bar.at = (window.at + unit - 1) & ~(unit - 1);
    if (bar.at > window.end || unit > window.end - bar.at) {
        return false;
    }
    window.at = bar.at + unit;
    return true;
}

/// Prints an entry for a BAR: `reg` has no address.
void entry(unsigned number, std::size_t slot, const Bar& bar, bool is_assigned) {
    const auto hi = std::uint32_t{is_assigned} << 31 | std::uint32_t{bar.is_prefetchable} << 30 |
                    (bar.is_64_bit ? 3U : 2U) << 24 | number << 8 | static_cast<std::uint32_t>(first_bar + slot * 4);
    const auto at = is_assigned ? bar.at : 0;
    put_cell(hi);
    put_cell(at >> 32);
    put_cell(at);
    put_cell(bar.size >> 32);
    put_cell(bar.size);
}

void entries(unsigned number, const std::array<Bar, max_bars>& bars, bool is_assigned) {
    for (std::size_t slot = 0; slot < max_bars; ++slot) {
        if (bars[slot].size != 0) {
            entry(number, slot, bars[slot], is_assigned);
        }
    }
    put(" >;\n");
}

void head(unsigned number) {
    const auto code = std::uint64_t{config(number, class_code)};
    std::size_t i = 0;
    while (code >> kinds[i].shift != kinds[i].class_code) {
        ++i;
    }
    put("    ");
    put(kinds[i].label);
    put_hex(counts[i]++);
    put(": ");
    put(kinds[i].node);
    put('@');
    put_hex(number >> 3);
    put(',');
    put_hex(number & 7);
    put(" {\n        compatible = \"pci");
    put_hex(config(number, 0) & 0xffff);
    put(',');
    put_hex(config(number, 0) >> 16);
    put("\";\n");
}

/// Prints a function that has memory BARs. Returns whether they all have room.
bool function(unsigned number) {
    constexpr std::uint32_t decodes = 0b11;
    config(number, command) = config(number, command) & 0xffff & ~decodes;
    std::array<Bar, max_bars> bars{};
    bool has_any = false;
    bool has_room = true;
    for (std::size_t slot = 0; slot < max_bars; ++slot) {
        bars[slot] = size_of(number, slot);
        has_any = has_any || bars[slot].size != 0;
        has_room = has_room && (bars[slot].size == 0 || assign(bars[slot]));
        slot += bars[slot].is_64_bit ? 1 : 0;
    }
    if (has_any) {
        head(number);
        put("        reg = <");
        put_cell(number << 8);
        put(" 0 0 0 0");
        entries(number, bars, false);
        put("        assigned-addresses = <");
        entries(number, bars, true);
        put("    };\n");
    }
    return has_room;
}

/// Returns whether there is a function that is no bridge. Only a device that says so has more than function 0.
bool is_there(unsigned number) {
    constexpr std::uint32_t nobody = 0xffff'ffff;
    constexpr std::uint32_t many = 0x80;  // of the header type, in the register's third byte
    constexpr std::uint32_t layout = 0x7f;
    if (config(number, 0) == nobody || (number % 8 != 0 && (config(number & ~7U, header_type) >> 16 & many) == 0)) {
        return false;
    }
    return (config(number, header_type) >> 16 & layout) == 0;
}

}  // namespace

/// The compiler calls it to clear larger variables.
extern "C" void* memset(void* to, int value, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) {
        static_cast<volatile char*>(to)[i] = static_cast<char>(value);
    }
    return to;
}

/// Prints all functions. Returns whether all BARs have room.
extern "C" bool scan() {
    put("\n&pci {\n");
    for (unsigned number = 0; number < 256; ++number) {
        if (is_there(number) && !function(number)) {
            return false;
        }
    }
    put("};\n");
    return true;
}
