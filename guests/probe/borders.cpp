// SPDX-License-Identifier: Apache-2.0
#include "probe/borders.hpp"

#include <algorithm>

#include "probe/devices.hpp"
#include "probe/expect.hpp"
#include "probe/paging.hpp"
#include "probe/plic.hpp"

namespace probe {
namespace {

constexpr std::uint64_t nothing = 0x1000;  ///< a page of a machine's ROM, which no guest has
constexpr std::size_t reach = 64;          ///< more than any access has on one side
constexpr std::uint8_t pattern = 0xa0;
constexpr std::uint64_t first_page = 1;

alignas(page) std::array<volatile std::uint8_t, page> frame;

std::uint64_t frame_address() {
    return reinterpret_cast<std::uint64_t>(frame.data());
}

const Region& controller() {
    return machine().plic.size != 0 ? machine().plic : machine().aplic;
}

/// Returns a page within the controller: the PLIC's context of this hart, whose first register is the threshold, or the
/// second page of an APLIC.
std::uint64_t inner_page() {
    return controller().base + (machine().plic.size != 0 ? plic::threshold_of(plic::own_context()) : page);
}

constexpr std::uint8_t loop = 0x10, fifo_on_and_empty = 0x07, data_ready = 1, in_the_loop = 0x33;

}  // namespace

BorderPages::BorderPages() {
    add(frame_address());
    add(nothing);
    add(machine().uart.base);
    if (controller().size != 0) {
        add(controller().base);
        add(inner_page());
        add(controller().end() - page);
    }
    if (const auto watchdog = watchdog::device(); watchdog.size != 0) {
        add(watchdog.base);
    }
    make_tables();
    paging_on();
}

Border BorderPages::map(std::size_t below, std::size_t above) const {
    page_entry(first_page) = pte::make(pages_[below], pte::data);
    page_entry(first_page + 1) = pte::make(pages_[above], pte::data);
    sfence_vma();
    return {page_address(first_page + 1), pages_[below] != frame_address(), pages_[above] != frame_address()};
}

Devices emulated_devices() {
    Devices all;
    for (const auto& device : std::initializer_list<Region>{machine().uart, controller(), watchdog::device()}) {
        if (device.size != 0) {
            all.regions[all.size++] = device;
        }
    }
    return all;
}

void fill_border() {
    for (std::size_t i = 0; i < reach; ++i) {
        frame[i] = pattern;
        frame[page - 1 - i] = pattern;
    }
}

void expect_filled(std::optional<std::uint64_t> value) {
    const auto is_right = [&](std::uint8_t byte) {
        bool right = byte == pattern;
        for (unsigned shift = 0; value && shift < 64; shift += 8) {
            right = right || byte == static_cast<std::uint8_t>(*value >> shift);
        }
        return right;
    };
    for (std::size_t i = 0; i < reach; ++i) {
        expect("memory at a border", is_right(frame[i]) && is_right(frame[page - 1 - i]));
    }
}

WatchedDevices::WatchedDevices() {
    uart::write(uart::mcr, loop);
    uart::write(uart::iir_fcr, fifo_on_and_empty);
    uart::write(uart::data, in_the_loop);
    before_ = state();
}

void WatchedDevices::expect_unchanged() const {
    expect("no register of a device has changed", state() == before_);
    expect_equal("the byte in the serial port's loop", in_the_loop, uart::read(uart::data));
    expect_equal("bytes behind it", 0, uart::read(uart::lsr) & data_ready);
    uart::write(uart::mcr, 0);
}

std::array<std::uint32_t, WatchedDevices::count> WatchedDevices::state() {
    const auto of_controller = [](std::uint64_t at) {
        return controller().size != 0 ? read_register<std::uint32_t>(at) : 0;
    };
    const auto of_watchdog = [](watchdog::Register which) {
        return watchdog::device().size != 0 ? watchdog::read(which) : 0;
    };
    return {of_controller(controller().base),
            of_controller(inner_page()),
            of_controller(controller().end() - page),
            of_watchdog(watchdog::irq_en),
            of_watchdog(watchdog::cfg),
            of_watchdog(watchdog::mode),
            std::uint32_t{uart::read(uart::ier)} << 24 | uart::read(uart::lcr) << 16 | uart::read(uart::mcr) << 8 |
                uart::read(uart::scratch),
            uart::read(uart::lsr)};
}

}  // namespace probe
