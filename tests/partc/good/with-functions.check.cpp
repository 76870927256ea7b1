// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"

namespace mullion {
namespace {

constexpr auto& pci = description.board.pci;

static_assert(pci.base == Hpa{0x1'0000'0000} && pci.size == 0x200'0000);
// Neither ports nor what has another address on the bus.
static_assert(pci.windows.size() == 2);
static_assert(pci.windows[0] == HostRange{{0x4000'0000}, 0x1000'0000});
static_assert(pci.windows[1] == HostRange{{0x8'0000'0000}, 0x1'0000'0000});

constexpr auto& alpha = description.guests[0];
constexpr auto& eth0 = alpha.functions[0];

static_assert(!alpha.unprotected_dma);
static_assert(alpha.functions.size() == 2);
static_assert(eth0.number == 0x18 && eth0.vendor_id == 0x8086 && eth0.product_id == 0x10d3);
static_assert(eth0.device_id == 0x118, "iommu-map adds");
static_assert(eth0.bars[0].base == Hpa{0x4002'0000} && eth0.bars[0].size == 0x2'0000);
static_assert(!eth0.bars[0].is_64_bit && !eth0.bars[0].is_prefetchable);
static_assert(!eth0.bars[2].exists(), "ports");
static_assert(eth0.bars[4].base == Hpa{0x4004'0000} && eth0.bars[4].size == 0x100 && eth0.bars[4].is_prefetchable);
static_assert(alpha.functions[1].number == 0x19 && alpha.functions[1].bars[0].is_64_bit);

// A BAR's pages, and not the ROM's.
static_assert(window_at(alpha, {0x4004'0000}).size == page_size);
static_assert(window_at(alpha, {0x4002'0000}).to == Hpa{0x4002'0000});
static_assert(window_at(alpha, {0x4002'0000}).rights == Rights::rw);
static_assert(window_at(alpha, {0x4002'0000}).kind == WindowKind::device);
static_assert(std::ranges::count(alpha.windows, WindowKind::device, &Window::kind) == 4);

static_assert(alpha.devices.back().kind == DeviceKind::pci_host);
static_assert(alpha.devices.back().base == Gpa{0x1'0000'0000} && alpha.devices.back().size == PciHost::bus_bytes);

constexpr auto& beta = description.guests[1];

static_assert(beta.policy.stop_on_dma_fault && !alpha.policy.stop_on_dma_fault);

static_assert(beta.functions[0].vendor_id == 0x1b36 && beta.functions[0].product_id == 0x10);
static_assert(beta.devices.back().kind == DeviceKind::pci_host, "the watchdog is before it");

}  // namespace
}  // namespace mullion
