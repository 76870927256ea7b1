// SPDX-License-Identifier: Apache-2.0
// Says what stands for each kind of emulated device: a class of vm/, and how an object of it is made.
#pragma once

#include <cstdint>
#include <span>

#include "core/description.hpp"
#include "run/aplic_port.hpp"
#include "run/device_port.hpp"
#include "vm/devices.hpp"
#include "vm/pci_host.hpp"
#include "vm/uart16550.hpp"
#include "vm/virtual_aplic.hpp"
#include "vm/virtual_plic.hpp"
#include "vm/watchdog.hpp"

namespace mullion::run {

/// Has what a device is made of: a row of the description, and what is around it.
template <class Port>
struct DeviceSite {
    const Board& board;
    const Guest& guest;
    const VirtualDevice& row;
    std::span<PlicContext> contexts;  ///< one for each of the guest's harts, where it has a PLIC
    std::span<PciSizing> sizing;      ///< one for each of its PCI functions
    Port& port;                       ///< a DevicePort
};

template <DeviceKind>
struct KindOfDevice;

template <>
struct KindOfDevice<DeviceKind::aplic> {
    using Class = VirtualAplic<AplicDevicePort>;
    static constexpr auto width = RegisterWidth::words;
    static constexpr Class make(const auto& at) { return {at.guest, at.board.imsic.num_guest_ids, at.port}; }
};

template <>
struct KindOfDevice<DeviceKind::plic> {
    using Class = VirtualPlic<DevicePort>;
    static constexpr auto width = RegisterWidth::words;
    static constexpr Class make(const auto& at) { return {at.guest, at.contexts, at.port}; }
};

template <>
struct KindOfDevice<DeviceKind::uart16550> {
    using Class = Uart16550<DevicePort>;
    static constexpr auto width = RegisterWidth::bytes;
    static constexpr Class make(const auto& at) { return Class(at.port, at.row.parameter); }
};

template <>
struct KindOfDevice<DeviceKind::watchdog> {
    using Class = Watchdog<DevicePort>;
    static constexpr auto width = RegisterWidth::words;
    static constexpr Class make(const auto& at) { return {at.port, at.board.timebase_frequency}; }
};

template <>
struct KindOfDevice<DeviceKind::pci_host> {
    using Class = VirtualPciHost<DevicePort>;
    static constexpr auto width = RegisterWidth::parts;
    static constexpr Class make(const auto& at) { return {at.guest.functions, at.sizing, at.port}; }
};

}  // namespace mullion::run

// Compiled once, in device_kinds.cpp; a description that has none of a kind links none of it.
extern template class mullion::VirtualAplic<mullion::run::AplicDevicePort>;
extern template class mullion::VirtualPlic<mullion::run::DevicePort>;
extern template class mullion::Uart16550<mullion::run::DevicePort>;
extern template class mullion::Watchdog<mullion::run::DevicePort>;
extern template class mullion::VirtualPciHost<mullion::run::DevicePort>;
