// SPDX-License-Identifier: Apache-2.0
#include "run/aplic_port.hpp"

#include "arch/irq/imsic.hpp"
#include "core/imsic_layout.hpp"
#include "core/tables.hpp"

namespace mullion::run {

void AplicDevicePort::send_msi(std::uint32_t hart, std::uint32_t identity) {
    arch::irq::imsic::send(description.board.imsic, hart_of(hart), guest_file, identity);
}

void AplicDevicePort::physical_target(std::uint32_t source, std::uint32_t hart, std::uint32_t identity) {
    arch::irq::domain::set_target(source, hart_of(hart), guest_file, identity);
}

}  // namespace mullion::run
