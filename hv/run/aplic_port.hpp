// SPDX-License-Identifier: Apache-2.0
// The port of a guest's APLIC (vm/virtual_aplic.hpp) on this machine, whose own APLIC delivers to interrupt files there
// (Rule::wrong_controller): the one unit beside the drivers that knows a kind of controller.
#pragma once

#include <cstdint>

#include "arch/irq/domain.hpp"
#include "run/device_port.hpp"

namespace mullion::run {

/// The port of all devices of a guest that has an APLIC.
class AplicDevicePort : public DevicePort {
 public:
    using DevicePort::DevicePort;

    void send_msi(std::uint32_t hart, std::uint32_t identity);
    void physical_target(std::uint32_t source, std::uint32_t hart, std::uint32_t identity);
    void physical_source_mode(std::uint32_t source, SourceMode mode) { arch::irq::domain::set_mode(source, mode); }
    void physical_enable(std::uint32_t source, bool enabled) { arch::irq::domain::set_enabled(source, enabled); }
    void physical_set_pending(std::uint32_t source) { arch::irq::domain::set_pending(source); }
    void physical_clear_pending(std::uint32_t source) { arch::irq::domain::clear_pending(source); }
    bool physical_pending(std::uint32_t source) const { return arch::irq::domain::pending(source); }
    bool physical_input(std::uint32_t source) const { return arch::irq::domain::input(source); }
};

}  // namespace mullion::run
