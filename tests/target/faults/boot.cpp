// SPDX-License-Identifier: Apache-2.0
#include "arch/boot.hpp"
#include "arch/panic.hpp"
#include "arch/uart.hpp"
#include "fault.hpp"

namespace mullion::arch {

void boot_main(std::uint64_t) {
    uart::initialise();
    faults::commit();
    panic("the fault was not noticed");
}

void secondary_main(std::uint64_t) {
    panic("nobody starts a second hart here");
}

}  // namespace mullion::arch
