// SPDX-License-Identifier: Apache-2.0
// Brings PCI functions to rest between two lives of a guest: nothing of what one has set up is left, and nothing of it
// is under way.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstdint>
#include <optional>
#include <span>

#include "core/description.hpp"
#include "core/pci_registers.hpp"
#include "vm/pci_capabilities.hpp"
#include "vm/pci_host.hpp"
#include "vm/pci_virtio.hpp"

namespace mullion::pci {

/// What it needs of the machine besides configuration space.
///
/// await_pci  waits until done(), at most so many milliseconds, and returns whether it was done
template <class P>
concept WaitingPort = PciPort<P> && requires(P& port, bool (*done)(), std::uint64_t milliseconds) {
    { port.await_pci(done, milliseconds) } -> std::same_as<bool>;
};

/// Which reset a function has, the first that it can do.
enum class ResetKind : std::uint8_t {
    none,
    function_level,  ///< PCI Express, "Function Level Reset (FLR)"
    virtio,          ///< virtio 1.2, 2.4 "Device Reset"
    power,           ///< by D3hot and back (PCI Express, "D3hot State"), if that loses what was set up
};

/// A reset that is begun, and may take a while.
template <WaitingPort Port>
class Reset {
 public:
    constexpr Reset(const PciFunction& function, Port& port) : f_(function), port_(port) {}

    /// Ends DMA and MSIs of the function's own, and whether it answers at its BARs. What it has sent may be under way.
    constexpr void silence() { port_.store_pci(f_.number, command, 2, intx_disable); }

    /// Waits until what it has sent is answered, or 100 ms: a reset ends the rest.
    constexpr void await_transactions() {
        if (const auto found = capability(express)) {
            port_.await_pci([&] { return (load(found->at + device_control) & transactions_pending) == 0; }, reset_time);
        }
    }

    /// Begins it, and returns which it is.
    constexpr ResetKind begin() {
        if (const auto found = capability(express);
            found && (load(found->at + device_capabilities) & has_function_reset) != 0) {
            const auto at = found->at + device_control;
            port_.store_pci(f_.number, at, 2, load(at) | function_reset);
            return ResetKind::function_level;
        }
        if (const auto device = virtio()) {
            device->reset();
            return ResetKind::virtio;
        }
        const auto found = capability(power_management);
        if (found && (load(found->at + power_control) & no_soft_reset) == 0) {
            set_power(found->at, power_state);
            return ResetKind::power;
        }
        return ResetKind::none;
    }

    /// Ends a reset that was begun 100 ms ago, and returns whether the function has done it.
    constexpr bool finish(ResetKind kind) {
        constexpr std::uint64_t ready_time = 1000;  // "Configuration Request Retry Status": a second after a reset
        if (kind == ResetKind::power) {
            set_power(capability(power_management)->at, 0);
            port_.await_pci([] { return false; }, power_time);
        }
        if (!port_.await_pci([&] { return load(ids) == ids_of(f_); }, ready_time)) {
            return false;
        }
        const auto device = kind == ResetKind::virtio ? virtio() : std::nullopt;
        if (device && !port_.await_pci([&] { return device->is_reset(); }, reset_time)) {
            return false;
        }
        turn_off_messages();
        restore_bars(f_, port_);
        return kind != ResetKind::none && (load(command) & (memory_space | bus_master)) == 0;
    }

    static constexpr std::uint64_t reset_time = 100;  ///< "Function Level Reset (FLR)": longer than any takes

 private:
    static constexpr std::uint64_t power_time = 10;  ///< "D3hot State": after a change of state

    constexpr std::uint32_t load(std::uint32_t at) const { return port_.load_pci(f_.number, at); }

    constexpr std::optional<Capability> capability(std::uint8_t id) const {
        return find_capability([this](std::uint32_t at) { return load(at); },
                               [id](const Capability& found) { return found.id() == id; });
    }

    constexpr std::optional<VirtioCommon<Port>> virtio() const {
        return is_virtio(ids_of(f_)) ? VirtioCommon<Port>::find(f_.number, port_) : std::nullopt;
    }

    constexpr void set_power(std::uint32_t at, std::uint32_t state) {
        port_.store_pci(f_.number, at + power_control, 2, state);
    }

    /// A reset other than of the function itself leaves them on.
    constexpr void turn_off_messages() {
        for (const auto id : {msi, msi_x}) {
            if (const auto found = capability(id)) {
                port_.store_pci(f_.number, found->at + 2, 2, 0);
            }
        }
    }

    const PciFunction& f_;
    Port& port_;
};

/// Resets them, all at once, as each may take 100 ms, and calls `failed(function, kind)` for each that has no reset or
/// does not end it. Requires: none of their guest's harts runs.
template <WaitingPort Port>
constexpr void bring_to_rest(std::span<const PciFunction> functions, Port& port, auto failed) {
    for (const auto& function : functions) {
        Reset{function, port}.silence();
    }
    for (const auto& function : functions) {
        Reset{function, port}.await_transactions();
    }
    std::array<ResetKind, 256> kinds{};  // by their numbers
    for (const auto& function : functions) {
        kinds[function.number] = Reset{function, port}.begin();
    }
    port.await_pci([] { return false; }, Reset<Port>::reset_time);
    for (const auto& function : functions) {
        if (!Reset{function, port}.finish(kinds[function.number])) {
            failed(function, kinds[function.number]);
        }
    }
}

}  // namespace mullion::pci
