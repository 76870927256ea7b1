// SPDX-License-Identifier: Apache-2.0
#include "siege/values.hpp"

namespace siege {
namespace {

alignas(page) std::array<std::byte, arena_pages * page> arena_bytes;

/// Host addresses of QEMU's `virt`: ROM, the device that ends the machine, RTC, ACLINT, PLIC, APLICs, serial port and
/// virtio, flash, IMSICs, PCI, RAM, and the ends of what tables reach.
constexpr std::array<std::uint64_t, 24> elsewhere{
    0,           0x1000,      0x10'0000,   0x10'1000,   0x200'0000,    0xc00'0000,  0xc00'2000,  0xc20'0000,
    0xd00'0000,  0x1000'0000, 0x1000'1000, 0x1000'8000, 0x2000'0000,   0x2400'0000, 0x2800'0000, 0x2800'4000,
    0x3000'0000, 0x4000'0000, 0x7fff'f000, 0xc000'0000, 0x1'0000'0000, 1ULL << 39,  1ULL << 41,  1ULL << 56};

std::uint64_t base_of_something(Random& random) {
    const auto& m = machine();
    switch (random.below(10)) {
        case 0:
        case 1:
            return random.of(m.all_devices()).base;
        case 2:
            return random.of(m.all_devices()).end();
        case 3:
            return m.imsic.size != 0 ? m.imsic.base + page * random.below(m.harts + 1) : m.plic.end();
        case 4:
        case 5: {
            const auto& controller = m.plic.size != 0 ? m.plic : m.aplic;
            return controller.base + page * random.below(controller.size / page + 1);
        }
        case 6:
            return random.of(m.windows()).base;
        case 7:
            return random.of(m.windows()).end();
        case 8:
            return arena() + page * random.below(arena_pages);
        default:
            return random.of(elsewhere);
    }
}

}  // namespace

std::uint64_t arena() {
    return reinterpret_cast<std::uint64_t>(arena_bytes.data());
}

std::uint64_t any_address(Random& random) {
    constexpr std::array<std::int64_t, 14> near{0, 1, 2, 3, 4, 7, 8, -1, -2, -3, -4, -7, -8, 4088};
    const auto base = base_of_something(random);
    if (random.one_in(4)) {
        return base + random.below(page / 4) * 4;
    }
    return base + static_cast<std::uint64_t>(random.of(near));
}

std::uint64_t any_value(Random& random) {
    constexpr std::array<std::uint64_t, 6> ends{~0ULL, ~0ULL - 1, 1ULL << 63, 0xffff'ffff, 0x7fff'ffff, 0x8000'0000};
    switch (random.below(8)) {
        case 0:
        case 1:
            return random.below(8);
        case 2:
            return any_address(random);
        case 3:
            return arena() + random.below(arena_pages) * page;
        case 4:
            return random.of(ends);
        case 5:
            return 1ULL << random.below(64);
        case 6:
            return random.below(1024) * 4;
        default:
            return random.next();
    }
}

}  // namespace siege
