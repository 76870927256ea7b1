// SPDX-License-Identifier: Apache-2.0
// Checks accesses outside of the guest: each ends in an access fault as on bare hardware, with stval = the address, and
// has no other effect. Each case runs with translation off and on.
#include <algorithm>
#include <array>

#include "probe/cases.hpp"
#include "probe/expect.hpp"
#include "probe/paging.hpp"
#include "probe/refused.hpp"
#include "probe/trap.hpp"

namespace probe {
namespace {

void with_and_without_paging(void (*body)()) {
    body();
    make_tables();
    paging_on();
    body();
    paging_off();
}

/// Returns the first address to access in a window. On the bare machine OpenSBI's own memory is at the start of the
/// first one.
std::uint64_t first_inside(const Region& window) {
    return on_bare_machine() && window.contains(0x8000'0000) ? 0x8020'0000 : window.base;
}

void border_holds(const Region& window) {
    constexpr std::uint32_t ret = 0x8082'8082;  // c.jr ra, twice
    const auto last = window.end() - 8;
    expect_no_trap("a read of the first byte", try_load<std::uint8_t>(first_inside(window)).trap);
    expect_no_trap("a write of the last word", try_store<std::uint64_t>(last, ret));
    expect_equal("the last word", ret, try_load<std::uint64_t>(last).value);
    asm volatile("fence.i" ::: "memory");
    expect_no_trap("a jump into the last word", try_execute(last));
    if (!machine().has_memory(window.end())) {
        all_is_refused(window.end());
        all_is_refused(window.end() + page - 1);
        const auto straddling = try_load<std::uint64_t>(window.end() - 4);
        expect("a read that straddles the end", straddling.trap.taken);
    }
    if (!machine().has_memory(window.base - 1)) {
        all_is_refused(window.base - 1);
        all_is_refused(window.base - page);
    }
}

void window_borders_hold() {
    for (const auto& window : machine().windows()) {
        border_holds(window);
    }
}

/// Returns whether the page is the guest's.
bool is_own(std::uint64_t address) {
    const auto& m = machine();
    const Region files{m.imsic.base, m.harts * m.imsic_stride};
    const auto in_page = [=](const Region& r) { return r.size != 0 && (address ^ r.base) < page; };
    return m.has_memory(address) || files.contains(address) || m.aplic.contains(address) || m.plic.contains(address) ||
           std::ranges::any_of(m.all_devices(), in_page);
}

void step_through(std::uint64_t from, std::uint64_t to, std::uint64_t step) {
    for (auto address = from; address < to; address += step) {
        if (!is_own(address)) {
            read_is_refused(address);
        }
    }
}

void low_addresses_are_refused() {
    step_through(0, 0x20'0000, page);
    step_through(0, 0x10'0000'0000, 0x20'0000);
}

/// The board's devices (QEMU virt): test device, RTC, CLINT, PCI, both APLIC domains (or the PLIC) and IMSICs, virtio,
/// fw_cfg, flash.
void devices_of_the_board_are_refused() {
    constexpr std::array<Region, 11> devices{{{0x10'0000, 0x2000},
                                              {0x200'0000, 0x1'0000},
                                              {0x300'0000, 0x1'0000},
                                              {0xc00'0000, 0x8000},
                                              {0xd00'0000, 0x1'0000},
                                              {0x1000'0000, 0x9000},
                                              {0x1010'0000, 0x1000},
                                              {0x2000'0000, 0x1'0000},
                                              {0x2400'0000, 0x1'0000},
                                              {0x2800'0000, 0x10'0000},
                                              {0x3000'0000, 0x1'0000}}};
    for (const auto& device : devices) {
        for (auto address = device.base; address < device.end(); address += page) {
            if (!is_own(address)) {
                all_is_refused(address);
                all_is_refused(address + page - 4);
            }
        }
    }
}

/// Pages with a device of the guest: what the device does not take is refused, and nothing is executable.
void devices_of_the_guest_are_not_executable() {
    for (const auto& device : machine().all_devices()) {
        expect_trap("a jump into a device", instruction_access_fault, device.base, try_execute(device.base));
    }
}

/// With translation off, an address that G-stage translation cannot even express.
void high_addresses_are_refused() {
    for (const unsigned bit : {36U, 38U, 40U, 41U, 47U, 49U, 50U, 55U}) {
        all_is_refused(std::uint64_t{1} << bit);
    }
}

void addresses_beyond_physical_are_refused() {
    for (const unsigned bit : {56U, 59U, 62U, 63U}) {
        all_is_refused(std::uint64_t{1} << bit);
    }
    all_is_refused(~std::uint64_t{0} - 7);
}

void other_harts_are_held_too() {
    run_on(other_hart(0), [](std::uint64_t) {
        for (const auto& window : machine().windows()) {
            if (!machine().has_memory(window.end())) {
                all_is_refused(window.end());
            }
        }
    });
}

[[gnu::section(".cases"), gnu::used]] constexpr std::array cases{
    Case{"isolation.borders", [] { with_and_without_paging(window_borders_hold); }},
    Case{"isolation.far-borders", window_borders_hold},
    Case{"isolation.low", [] { with_and_without_paging(low_addresses_are_refused); }, When::on_mullion},
    Case{"isolation.devices", [] { with_and_without_paging(devices_of_the_board_are_refused); }, When::on_mullion},
    Case{"isolation.execute", [] { with_and_without_paging(devices_of_the_guest_are_not_executable); },
         When::on_mullion},
    Case{"isolation.high", high_addresses_are_refused, When::on_mullion},
    Case{"isolation.beyond", addresses_beyond_physical_are_refused, When::on_mullion},
    Case{"isolation.harts", other_harts_are_held_too, When::on_mullion},
};

}  // namespace

}  // namespace probe
