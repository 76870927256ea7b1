// SPDX-License-Identifier: Apache-2.0
#include "device_reset.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace mullion::partc {
namespace {

/// A store to register `index`, at `reg-offset` + (`index` << `reg-shift`), `reg-io-width` bytes wide, as in Linux's
/// bindings of serial ports. Without that property the width is the method's.
struct Store {
    std::uint32_t index = 0;
    std::uint32_t value = 0;
    bool awaited = false;
};

struct ResetMethod {
    std::string_view compatible;
    std::uint32_t width = 4;  ///< bytes, unless the node has reg-io-width
    std::span<const Store> stores;
};

/// IRQ_ENABLED, CLEAR_ALARM, CLEAR_INTERRUPT of the goldfish RTC. The time goes on.
constexpr std::array<Store, 3> goldfish_rtc{{{0x10, 0}, {0x14, 1}, {0x1c, 1}}};

/// LCR first, so that the next stores do not go to the divisor; IER; FCR: both FIFOs cleared, then off; MCR.
constexpr std::array<Store, 5> ns16550{{{3, 0}, {1, 0}, {2, 7}, {2, 0}, {4, 0}}};

/// Status (VIRTIO 1.2, 4.2.2.2). Writing 0 resets the device, which does not access its queues any more once it reads 0
/// (2.4.2).
constexpr std::array<Store, 1> virtio_mmio{{{0x70, 0, true}}};

constexpr std::array<ResetMethod, 3> methods{
    {{"google,goldfish-rtc", 4, goldfish_rtc}, {"ns16550a", 1, ns16550}, {"virtio,mmio", 4, virtio_mmio}}};

}  // namespace

bool is_serial_port(const Node& node) {
    constexpr std::array<std::string_view, 5> names{"ns8250", "ns16450", "ns16550", "ns16550a", "snps,dw-apb-uart"};
    return std::ranges::any_of(names, [&](auto name) { return node.is_compatible(name); });
}

std::vector<DeviceReset> reset_of(const Node& device) {
    const auto method =
        std::ranges::find_if(methods, [&](const ResetMethod& w) { return device.is_compatible(w.compatible); });
    const auto ranges = device.host_ranges();
    if (method == methods.end() || !ranges || ranges->empty()) {
        return {};
    }
    const auto said = [&](const char* name, std::uint32_t otherwise) {
        return (is_serial_port(device) ? device.cell(name) : std::nullopt).value_or(otherwise);
    };
    const Gpa base{ranges->front().base.value + said("reg-offset", 0)};
    std::vector<DeviceReset> stores;
    for (const auto& store : method->stores) {
        stores.push_back({base + (std::uint64_t{store.index} << said("reg-shift", 0)), store.value,
                          said("reg-io-width", method->width), store.awaited});
    }
    return stores;
}

}  // namespace mullion::partc
