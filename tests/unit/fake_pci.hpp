// SPDX-License-Identifier: Apache-2.0
// Provides PCI functions as their specification has them, for the tests of what uses their configuration space.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "core/pci_registers.hpp"

namespace mullion {

/// Configuration space of a function, and which bits of it a store changes.
struct FakeFunction {
    std::array<std::uint8_t, 4096> bytes{};
    std::array<std::uint8_t, 4096> writable{};
    std::uint32_t express_at = 0;  ///< its capability; 0: none
    std::uint32_t power_at = 0;
    std::uint32_t access_at = 0;  ///< of virtio's configuration access
    std::uint64_t reset_takes = 40;
    std::uint64_t away_until = 0;  ///< until then a reset goes on
    bool keeps_its_reset = false;  ///< for ever
    std::uint64_t pending_until = 0;
    std::uint32_t virtio_status = 0x0f;
    std::uint64_t virtio_features = std::uint64_t{1} << 33;
    std::uint32_t virtio_select = 0;

    void put(std::uint32_t at, std::uint32_t value) { std::memcpy(&bytes[at], &value, 4); }
    void open(std::uint32_t at, std::uint32_t mask) { std::memcpy(&writable[at], &mask, 4); }
    std::uint32_t word(std::uint32_t at) const {
        std::uint32_t value = 0;
        std::memcpy(&value, &bytes[at], 4);
        return value;
    }

    /// What a reset of the whole function leaves.
    void forget() {
        put(pci::command, word(pci::command) & 0xffff'0000);
        for (std::uint32_t slot = 0; slot < 6; ++slot) {
            put(pci::bar0 + slot * 4, word(pci::bar0 + slot * 4) & ~open_bits(pci::bar0 + slot * 4));
        }
    }

 private:
    std::uint32_t open_bits(std::uint32_t at) const {
        std::uint32_t value = 0;
        std::memcpy(&value, &writable[at], 4);
        return value;
    }
};

class FakePci {
 public:
    std::uint32_t load_pci(std::uint8_t number, std::uint32_t at) {
        EXPECT_EQ(at % 4, 0u);
        const auto it = functions.find(number);
        if (it == functions.end() || is_away(it->second)) {
            return pci::no_function;
        }
        auto& function = it->second;
        if (function.express_at != 0 && at == function.express_at + pci::device_control) {
            return function.word(at) | (time < function.pending_until ? pci::transactions_pending : 0);
        }
        return function.access_at != 0 && at == function.access_at + 16 ? virtio_load(function) : function.word(at);
    }

    void store_pci(std::uint8_t number, std::uint32_t at, std::uint32_t bytes, std::uint32_t value) {
        EXPECT_EQ(at % bytes, 0u);
        const auto it = functions.find(number);
        if (it == functions.end() || is_away(it->second)) {
            ++lost;
            return;
        }
        auto& function = it->second;
        for (std::uint32_t i = 0; i < bytes; ++i) {
            auto& byte = function.bytes[at + i];
            const auto open = function.writable[at + i];
            byte = static_cast<std::uint8_t>((byte & ~open) | (value >> (8 * i) & open));
        }
        stores.push_back({number, at, bytes, value});
        act(function, at, value);
    }

    bool may_do_dma(std::uint8_t) const { return has_dma; }
    std::uint64_t watch_due() const { return 7; }
    void watch() { ++watched; }

    bool await_pci(auto done, std::uint64_t milliseconds) {
        for (const auto limit = time + milliseconds; !done();) {
            if (++time > limit) {
                return false;
            }
        }
        return true;
    }

    FakeFunction& operator[](std::uint8_t number) { return functions[number]; }

    /// Functions as QEMU has them: an NVMe controller, which has all that a guest sees and some that it does not; and a
    /// virtio device.
    void add_nvme(std::uint8_t number) {
        auto& f = add(number, 0x0010'1b36, 0x0108'0202);
        f.open(pci::bar0, 0xffff'c000);
        f.put(pci::bar0, 4);
        f.open(pci::bar0 + 4, 0xffff'ffff);
        f.put(0x34, 0x40);
        f.put(0x40, 0x0003'5001);  // power management
        f.open(0x44, 3);
        f.put(0x44, 8);
        f.put(0x50, 0x0040'6011);  // MSI-X, 65 vectors
        f.open(0x50, 0xc000'0000);
        f.put(0x60, 0x0000'8003);  // vital product data
        f.open(0x64, 0xffff'ffff);
        f.put(0x80, 0x0002'c010);  // PCI Express
        f.put(0x84, pci::has_function_reset);
        f.open(0x88, 0xffff);
        f.put(0x88, 0x2010);
        f.put(0xc0, 0x0180'0005);  // MSI: 64 bits, masks; the last
        f.open(0xc0, 0x0071'0000);
        f.open(0xc4, 0xffff'ffff);
        f.put(0x100, 0x0001'000d);  // access control services
        f.express_at = 0x80;
        f.power_at = 0x40;
    }
    void add_virtio(std::uint8_t number) {
        auto& f = add(number, 0x1041'1af4, 0x0200'0001);
        f.open(pci::bar0 + 4, 0xffff'f000);
        f.open(pci::bar0 + 16, 0xffff'c000);
        f.put(pci::bar0 + 16, 0xc);
        f.open(pci::bar0 + 20, 0xffff'ffff);
        f.put(0x34, 0x98);
        f.put(0x98, 0x0003'8411);  // MSI-X
        f.open(0x98, 0xc000'0000);
        f.put(0x84, 0x0514'4009);  // virtio: configuration access
        for (const std::uint32_t at : {0x88, 0x8c, 0x90, 0x94}) {
            f.open(at, 0xffff'ffff);
        }
        f.put(0x40, 0x0110'0009);  // virtio: common configuration, the last
        f.put(0x44, 4);
        f.put(0x48, 0x1000);
        f.access_at = 0x84;
    }

    struct Store {
        std::uint8_t number;
        std::uint32_t at;
        std::uint32_t bytes;
        std::uint32_t value;
        bool operator==(const Store&) const = default;
    };

    std::map<std::uint8_t, FakeFunction> functions;
    std::vector<Store> stores;
    std::uint64_t time = 0;  ///< in milliseconds
    unsigned lost = 0;       ///< stores that nobody took
    bool has_dma = true;
    unsigned watched = 0;

 private:
    FakeFunction& add(std::uint8_t number, std::uint32_t ids, std::uint32_t class_code) {
        auto& f = functions[number];
        f.put(pci::ids, ids);
        f.put(pci::class_code, class_code);
        f.put(pci::command, pci::has_capabilities);
        f.open(pci::command, 0x0000'0547);
        return f;
    }

    bool is_away(const FakeFunction& function) const { return time < function.away_until || function.keeps_its_reset; }

    void act(FakeFunction& function, std::uint32_t at, std::uint32_t value) {
        if (function.express_at != 0 && at == function.express_at + pci::device_control &&
            (value & pci::function_reset) != 0) {
            function.forget();
            function.put(at, function.word(at) & ~pci::function_reset);
            function.away_until = time + function.reset_takes;
        }
        if (function.power_at != 0 && at == function.power_at + pci::power_control && (value & 3) == 0 &&
            (function.word(at) & pci::no_soft_reset) == 0) {
            function.forget();
        }
        if (function.access_at != 0 && at == function.access_at + 16) {
            virtio_store(function, value);
        }
    }

    static std::uint32_t field_of(const FakeFunction& function) {
        EXPECT_EQ(function.word(function.access_at + 4) & 0xff, 4u) << "the BAR of the structure";
        return function.word(function.access_at + 8) - 0x1000;
    }
    std::uint32_t virtio_load(const FakeFunction& function) const {
        switch (field_of(function)) {
            case 4:
                return static_cast<std::uint32_t>(function.virtio_features >> (32 * function.virtio_select));
            case 0x14:
                return time < function.away_until || function.keeps_its_reset ? 1 : function.virtio_status;
            default:
                return 0;
        }
    }
    void virtio_store(FakeFunction& function, std::uint32_t value) {
        if (field_of(function) == 0) {
            function.virtio_select = value;
        } else if (field_of(function) == 0x14) {
            function.virtio_status = value & 0xff;
        }
    }
};

/// What the description has of them.
inline PciFunction nvme_at(std::uint8_t number) {
    return {.number = number,
            .vendor_id = 0x1b36,
            .product_id = 0x0010,
            .device_id = number,
            .bars = {{{{0x4'0000'0000}, 0x4000, true, false}}}};
}
inline PciFunction virtio_at(std::uint8_t number) {
    return {.number = number,
            .vendor_id = 0x1af4,
            .product_id = 0x1041,
            .device_id = number,
            .bars = {{{}, {{0x4000'1000}, 0x1000}, {}, {}, {{0x4'0001'0000}, 0x4000, true, true}}}};
}

}  // namespace mullion
