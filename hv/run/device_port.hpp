// SPDX-License-Identifier: Apache-2.0
// The ports of a guest's emulated devices (vm/virtual_plic.hpp, vm/uart16550.hpp, vm/watchdog.hpp,
// vm/pci_host.hpp) and of their
// dispatch (vm/devices.hpp) on this machine. That of an APLIC is run/aplic_port.hpp's.
#pragma once

#include <cstdint>
#include <optional>

#include "arch/csr.hpp"
#include "arch/guest_hart.hpp"
#include "arch/hart.hpp"
#include "arch/irq/irq.hpp"
#include "core/description.hpp"
#include "vm/console_channel.hpp"
#include "vm/input_queue.hpp"
#include "vm/vcpu.hpp"

namespace mullion::run {

/// What a guest's emulated devices do to the machine.
class DevicePort {
 public:
    constexpr DevicePort(const Guest& guest, InputQueue& input, OutputChannel& output)
        : guest_(guest), input_(input), output_(output) {}

    void route(std::uint32_t source, std::uint32_t hart) { arch::irq::route(source, hart_of(hart)); }
    void unroute(std::uint32_t source, std::uint32_t hart) { arch::irq::unroute(source, hart_of(hart)); }
    void release(std::uint32_t source, std::uint32_t hart) { arch::irq::release(source, hart_of(hart)); }
    void put_back(std::uint32_t source) { arch::irq::put_back(source, hart_of(calling_hart())); }
    bool pending(std::uint32_t source) const { return arch::irq::pending(source); }
    std::uint32_t calling_hart() const { return arch::this_hart().vcpu->index; }
    void set_external(bool level) { arch::guest_hart::set_external(level); }
    void send(std::uint32_t hart, Message message);

    bool transmit(std::uint8_t byte) { return output_.put(byte); }
    std::optional<std::uint16_t> typed() { return input_.take(); }
    bool has_news() { return output_.take_news(); }

    std::uint32_t load_pci(std::uint8_t function, std::uint32_t offset) const;
    void store_pci(std::uint8_t function, std::uint32_t offset, std::uint32_t bytes, std::uint32_t value);
    bool may_do_dma(std::uint8_t function) const;
    std::uint64_t watch_due() const;
    void watch();

    std::uint64_t now() const { return arch::now(); }
    void set_deadline(std::uint64_t time);

 protected:
    const Hart& hart_of(std::uint32_t guest_hart) const;

 private:
    const Guest& guest_;
    InputQueue& input_;
    OutputChannel& output_;
};

}  // namespace mullion::run
