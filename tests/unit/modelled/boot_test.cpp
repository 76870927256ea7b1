// SPDX-License-Identifier: Apache-2.0
// The boot order of hv/main.cpp: whenever a byte is typed, it is not lost, nor what comes after it.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "arch/boot.hpp"
#include "arch/firmware.hpp"
#include "arch/irq/irq.hpp"
#include "arch/panic.hpp"
#include "boot/checks.hpp"
#include "boot/configuration.hpp"
#include "core/tables.hpp"
#include "fixture.hpp"
#include "run/console.hpp"
#include "run/interrupts.hpp"
#include "run/life.hpp"
#include "run/linked_services.hpp"
#include "run/machine_ids.hpp"
#include "run/request_port.hpp"
#include "run/seeds.hpp"

// What hv/main.cpp asks of the rest.
namespace mullion {
namespace boot {
void check_hypervisor_extension(const Hart&) {}
void check_firmware() {}
void check_reserved() {}
void check_harts_present(std::uint64_t) {}
void configure_dma() {}
void configure_controller() {
    EXPECT_FALSE(arch::irq::initialise());
}
void check_features(const Hart&) {}
std::optional<Hpa> find_hole(const Hart&, std::span<const Window>, WindowKind) {
    return std::nullopt;
}
void check_instructions(const Hart&) {}
void check_cache_blocks(const Hart&, const Guest&) {}
void configure_hart(const Hart&, std::uint64_t) {}
}  // namespace boot

namespace run {
const std::span<const StateRoom* const> state_rooms;
PrepareChannels* const prepare_channels = nullptr;
void quiet() {}
void note_machine_ids() {}
void enable_interrupts() {
    arch::irq::initialise_hart(description.board.harts[modelled::machine.hart]);
}
bool gather_seeds() {
    return true;
}
void schedule_starts() {}
void console::greet(bool) {}
}  // namespace run

namespace arch {
void refuse_machine(std::string_view) {
    std::abort();
}
Hpa secondary_entry_address() {
    return {};
}
/// The hart runs until it sleeps.
SbiResult firmware::hart_start(HartId hart, Hpa) {
    modelled::on_hart(static_cast<std::size_t>(hart),
                      [hart] { EXPECT_THROW(secondary_main(static_cast<std::uint64_t>(hart)), Asleep); });
    return {};
}
SbiResult firmware::hart_status(HartId) {
    return {};
}
void firmware::hart_stop() {
    throw Asleep{};
}
}  // namespace arch

namespace modelled {
namespace {

enum class Outcome { heard, lost, not_typed };

/// Boots on that hart. A byte is typed before one access to a device, of those since Mullion has the UART, and another
/// when all harts are up.
Outcome boot(Controller controller, std::size_t hart, std::size_t typed_at) {
    power_on(controller);
    machine.hart = hart;
    std::size_t accesses = 0;
    bool was_typed = false;
    machine.before_access = [&] {
        if (!was_typed && machine.listens && accesses++ == typed_at) {
            was_typed = true;
            machine.type("x");
        }
    };
    EXPECT_THROW(arch::boot_main(hart), arch::Asleep);
    machine.before_access = nullptr;
    if (!was_typed) {
        return Outcome::not_typed;
    }
    const bool settles = take_interrupts();
    machine.type("y");
    return settles && take_interrupts() && typed_for(0) == "xy" ? Outcome::heard : Outcome::lost;
}

/// Boots in a process of its own, since a hypervisor boots once.
Outcome boot_apart(Controller controller, std::size_t hart, std::size_t typed_at) {
    const auto child = fork();
    if (child == 0) {
        _exit(static_cast<int>(boot(controller, hart, typed_at)));
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? static_cast<Outcome>(WEXITSTATUS(status)) : Outcome::lost;
}

class BootOnAMachine : public testing::TestWithParam<Controller> {};

TEST_P(BootOnAMachine, ByteIsHeardWheneverItIsTyped) {
    for (const std::size_t hart : {0U, 1U}) {
        std::size_t typed_at = 0;
        for (auto outcome = Outcome::heard; outcome != Outcome::not_typed; ++typed_at) {
            outcome = boot_apart(GetParam(), hart, typed_at);
            const std::string fault = outcome == Outcome::lost ? "nothing is heard" : "";
            ASSERT_EQ(fault, "") << "typed at access " << typed_at << ", booting on hart " << hart;
        }
        EXPECT_GT(typed_at, 10U);
    }
}

INSTANTIATE_TEST_SUITE_P(With, BootOnAMachine, all_controllers, name_of_controller);

}  // namespace
}  // namespace modelled
}  // namespace mullion
