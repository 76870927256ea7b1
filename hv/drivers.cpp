// SPDX-License-Identifier: Apache-2.0
// The driver of this machine's console: the image has no other. Compiled once for each description, whose constants
// become the addresses in the code.
#include <type_traits>

#include "arch/uart.hpp"
#include "arch/uart/dw_apb.hpp"
#include "arch/uart/mapped.hpp"
#include "arch/uart/ns16550.hpp"
#include "arch/uart/xscale.hpp"
#include "description.hpp"

namespace mullion::arch::uart {
namespace {

constexpr const Board::Console& console = generated::description.board.console;

struct ConsoleRegisters {
    static std::uint8_t load(unsigned number) { return MappedRegisters{console}.load(number); }
    static void store(unsigned number, std::uint8_t value) { MappedRegisters{console}.store(number, value); }
};

constexpr auto driver_of_console() {
    using Kind = Board::Console::Kind;
    if constexpr (console.kind == Kind::dw_apb) {
        return std::type_identity<DwApb<ConsoleRegisters>>{};
    } else if constexpr (console.kind == Kind::xscale) {
        return std::type_identity<Xscale<ConsoleRegisters>>{};
    } else {
        return std::type_identity<Ns16550<ConsoleRegisters>>{};
    }
}

constinit decltype(driver_of_console())::type driver{};

}  // namespace

void initialise() {
    driver.initialise();
}

std::size_t room() {
    return driver.room();
}

void send(std::span<const std::uint8_t> bytes) {
    driver.send(bytes);
}

bool is_idle() {
    return driver.is_idle();
}

std::optional<std::uint8_t> receive() {
    return driver.receive();
}

void listen(bool on) {
    driver.listen(on);
}

}  // namespace mullion::arch::uart
