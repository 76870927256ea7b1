// SPDX-License-Identifier: Apache-2.0
// How hv/run/park.cpp starts a hart again: what granted devices sent in its earlier life, and what is still on its way,
// is not in the next one's interrupt file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "arch/guest_hart.hpp"
#include "arch/irq/domain.hpp"
#include "arch/irq/irq.hpp"
#include "arch/timer/timer.hpp"
#include "core/imsic_layout.hpp"
#include "core/tables.hpp"
#include "fixture.hpp"
#include "run/alarm.hpp"
#include "run/guest_console.hpp"
#include "run/interrupts.hpp"
#include "run/life.hpp"
#include "run/linked_services.hpp"
#include "vm/hart_states.hpp"

// What hv/run/park.cpp asks of the rest.
extern "C" [[noreturn]] void park_entry();

namespace mullion {
namespace run {
const SoftwareEvents* const software_events = nullptr;
const PciFunctions* const pci_functions = nullptr;
void take_timer() {}
bool take_overflow() {
    return false;
}
void take_source() {}
void refresh_external(Vm&) {}
void obey_order() {}
void obey_order_parked() {}
void set_alarm(Alarm, std::uint64_t) {}
void guest_console::refresh(Vm&) {}
}  // namespace run

namespace arch {
void guest_hart::drop_pending_interrupts() {}
bool guest_hart::interrupt_pending() {
    return false;
}
void guest_hart::reset(const Hart&) {
    irq::reset_guest_file();
}
/// The hart has entered its guest: its scene is over.
void guest_hart::start(std::uint64_t, std::uint64_t, std::uint64_t) {
    throw Asleep{};
}
void timer::wait_with_guest_timer(void (*wait)()) {
    wait();
}
}  // namespace arch

namespace modelled {
namespace {

constexpr std::uint32_t identity = 5;

/// The first hart of alpha starts again after the granted device has sent an interrupt, and all that is on its way
/// arrives. Returns what is wrong then, if anything.
std::string restart_after_an_interrupt() {
    namespace domain = arch::irq::domain;
    const auto& hart = description.board.harts[0];
    domain::prepare({granted_source, SourceMode::level1});
    domain::set_target(granted_source, hart, guest_file, identity);
    domain::set_enabled(granted_source, true);
    machine.aplic.drive(granted_source, true);
    machine.aplic.drive(granted_source, false);
    domain::prepare({granted_source, SourceMode::inactive});  // as the guest's APLIC is reset

    auto& vcpu = run::vms[0].harts.front();
    vcpu.has_settings = 1;
    hsm::claim_start(vcpu);
    hsm::publish_start(vcpu, {});
    EXPECT_THROW(park_entry(), arch::Asleep);
    for (int i = 0; i < 1000; ++i) {
        machine.access();
    }
    return machine.imsic.file(0, guest_file).pending.contains(identity) ? "an interrupt of an earlier life" : "";
}

class RestartWithAnImsic : public testing::Test {
 protected:
    static void boot() {
        power_on(Controller::aia);
        EXPECT_FALSE(arch::irq::initialise());
        arch::irq::initialise_hart(description.board.harts[0]);
    }
};

TEST_F(RestartWithAnImsic, ForgetsWhatArrivesLate) {
    for (unsigned latency = 0; latency < 20; ++latency) {
        boot();
        machine.imsic.latency = latency;
        ASSERT_EQ(restart_after_an_interrupt(), "") << latency;
        EXPECT_THAT(answers, testing::IsEmpty());
    }
}

TEST_F(RestartWithAnImsic, TellsOfWhatMayStillCome) {
    boot();
    machine.imsic.latency = 500;
    EXPECT_EQ(restart_after_an_interrupt(), "an interrupt of an earlier life");
    EXPECT_THAT(answers, testing::ElementsAre(
                             "alpha: no message of the APLIC at 0xd000000 reaches its interrupt file as identity 63"));
}

}  // namespace
}  // namespace modelled
}  // namespace mullion
