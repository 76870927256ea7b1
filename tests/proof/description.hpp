// SPDX-License-Identifier: Apache-2.0
// A description in the shape that partc emits: four harts, two guests whose harts are neither contiguous nor in order,
// windows of every kind, leaves of 4 KiB, 2 MiB and 1 GiB.
#pragma once

#include "fixture_parts.hpp"

namespace mullion::generated {

inline constexpr Hart harts[]{{HartId{0}, 0, {}}, {HartId{1}, 1, {}}, {HartId{2}, 2, {}}, {HartId{3}, 3, {}}};
inline constexpr HostRange ram[]{{{0x8000'0000}, 0x1'0000'0000}};

inline constexpr std::uint32_t alpha_harts[]{3, 1};
inline constexpr Window alpha_windows[]{
    {{0x0010'1000}, {0x0010'1000}, 0x1000, Rights::rw, WindowKind::device},
    {{0x2800'0000}, {0x2800'7000}, 0x1000, Rights::rw, WindowKind::interrupt_file},
    {{0x2800'1000}, {0x2800'3000}, 0x1000, Rights::rw, WindowKind::interrupt_file},
    {{0x8000'0000}, {0x9000'0000}, 0x0080'0000, Rights::rwx, WindowKind::memory},
    {{0x9000'0000}, {0x9100'0000}, 0x3000, Rights::r, WindowKind::memory},
    {{0x1'0000'0000}, {0x1'0000'0000}, 0x4000'0000, Rights::rwx, WindowKind::memory},
};
inline constexpr std::uint32_t beta_harts[]{0, 2};
inline constexpr Window beta_windows[]{
    {{0x2800'0000}, {0x2800'1000}, 0x1000, Rights::rw, WindowKind::interrupt_file},
    {{0x2800'1000}, {0x2800'5000}, 0x1000, Rights::rw, WindowKind::interrupt_file},
    {{0x8000'0000}, {0x9400'0000}, 0x0080'0000, Rights::rwx, WindowKind::memory},
};
inline constexpr VirtualDevice devices[]{{DeviceKind::aplic, {0xd00'0000}, 0x8000, 0, 96},
                                         {DeviceKind::uart16550, {0x1000'0000}, 0x100, 10},
                                         {DeviceKind::pci_host, {0x3000'0000}, PciHost::bus_bytes}};
inline constexpr PciFunction alpha_functions[]{{.number = 0x10, .device_id = 0x10}};
inline constexpr PciFunction beta_functions[]{{.number = 0x18, .device_id = 0x18},
                                              {.number = 0x20, .device_id = 0x20'8020}};
inline constexpr Guest guests[]{fixture_guest("alpha", alpha_harts, alpha_windows, devices, alpha_functions),
                                fixture_guest("beta", beta_harts, beta_windows, devices, beta_functions)};
inline constexpr Board board = [] {
    auto b = fixture_board("fixture", harts, ram);
    b.aplic = {{0xd00'0000}, 0x8000, 96};
    b.imsic = {{0x2800'0000}, 0x8000, 1, 255, 255};
    b.iommu = {{0x301'0000}, 0x1000};
    b.pci = {{0x3000'0000}, 0x1000'0000};
    return b;
}();
inline constexpr Description description{"fixture", board, guests, {}};

}  // namespace mullion::generated
