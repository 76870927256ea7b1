// SPDX-License-Identifier: Apache-2.0
// What arch/irq/irq.hpp says of a wired source, by each driver on a model of its controller.
#include "arch/irq/irq.hpp"

#include <gtest/gtest.h>

#include <string>
#include <tuple>

#include "arch/uart.hpp"
#include "core/tables.hpp"
#include "fixture.hpp"

namespace mullion::modelled {
namespace {

class WiredSource : public testing::TestWithParam<Controller> {
 protected:
    WiredSource() {
        power_on(GetParam());
        arch::uart::initialise();
        EXPECT_FALSE(arch::irq::initialise());
        for (const auto& hart : description.board.harts) {
            on_hart(hart.context, [&] { arch::irq::initialise_hart(hart); });
        }
    }

    static const Hart& hart(std::size_t index) { return description.board.harts[index]; }
    static void raise() { machine.type("x"); }
    static void lower() {
        machine.typed.clear();
        machine.settle();
    }
    static void prepare() { arch::irq::prepare({uart_source, SourceMode::level1}, hart(0)); }
    /// What the hart claims when it is interrupted; 0 if it is not.
    static std::uint32_t taken(std::size_t index) {
        std::uint32_t source = 0;
        on_hart(index, [&] {
            if (machine.interrupts(index) && has(arch::irq::claim_messages(csr::interrupt::se), Message::source)) {
                source = arch::irq::claim(hart(index));
            }
        });
        return source;
    }
};

TEST_P(WiredSource, InterruptsTheHartThatItIsRoutedTo) {
    prepare();
    raise();
    EXPECT_EQ(taken(0), 0U);
    EXPECT_EQ(taken(1), 0U);
    arch::irq::route(uart_source, hart(1));
    EXPECT_EQ(taken(0), 0U);
    EXPECT_EQ(taken(1), uart_source);
}

TEST_P(WiredSource, IsHeldUntilItIsReleased) {
    prepare();
    arch::irq::route(uart_source, hart(1));
    raise();
    EXPECT_EQ(taken(1), uart_source);
    EXPECT_EQ(taken(1), 0U);
    arch::irq::release(uart_source, hart(1));
    EXPECT_EQ(taken(1), uart_source) << "its wire is up";
    lower();
    arch::irq::release(uart_source, hart(1));
    EXPECT_EQ(taken(1), 0U);
    raise();
    EXPECT_EQ(taken(1), uart_source);
}

TEST_P(WiredSource, IsMaskedWhenItIsUnrouted) {
    prepare();
    arch::irq::route(uart_source, hart(1));
    arch::irq::unroute(uart_source, hart(1));
    raise();
    EXPECT_EQ(taken(1), 0U);
    arch::irq::route(uart_source, hart(0));
    EXPECT_EQ(taken(0), uart_source);
}

TEST_P(WiredSource, ForgetsWhatIsPendingWhenItIsPrepared) {
    prepare();
    raise();
    lower();
    prepare();
    arch::irq::route(uart_source, hart(0));
    EXPECT_EQ(taken(0), 0U);
    raise();
    EXPECT_EQ(taken(0), uart_source);
}

/// As by a boot loader that left one claimed.
TEST_P(WiredSource, IsHeldByNobodyWhenItIsPrepared) {
    prepare();
    arch::irq::route(uart_source, hart(0));
    raise();
    EXPECT_EQ(taken(0), uart_source);
    arch::irq::unroute(uart_source, hart(0));
    prepare();
    arch::irq::route(uart_source, hart(0));
    EXPECT_EQ(taken(0), uart_source);
}

/// A device that was reset may let its wire fall late: up to some accesses of the controller later it counts as pending
/// from before.
TEST_P(WiredSource, ForgetsWhatAWireSendsThatFallsLate) {
    for (int late = 0; late < 10; ++late) {
        raise();
        int accesses = 0;
        machine.before_access = [&] {
            if (accesses++ == late) {
                lower();
            }
        };
        prepare();
        machine.before_access = nullptr;
        lower();
        arch::irq::route(uart_source, hart(0));
        EXPECT_EQ(taken(0), 0U) << late;
        arch::irq::unroute(uart_source, hart(0));
    }
}

TEST_P(WiredSource, IsMaskedForEveryHartAtFirst) {
    prepare();
    arch::irq::route(uart_source, hart(1));
    raise();
    EXPECT_FALSE(arch::irq::initialise());
    lower();
    raise();
    EXPECT_EQ(taken(0), 0U);
}

INSTANTIATE_TEST_SUITE_P(Of, WiredSource, all_controllers, name_of_controller);

/// What firmware has kept, or given to another domain, would not interrupt anybody: the console's source, or a guest's.
class SourceOfAnotherDomain : public testing::TestWithParam<std::tuple<Controller, std::uint32_t>> {};

TEST_P(SourceOfAnotherDomain, IsRefusedWithOneLine) {
    const auto [controller, source] = GetParam();
    power_on(controller);
    machine.aplic.delegated_elsewhere = {source};
    const auto refusal = arch::irq::initialise();
    EXPECT_EQ(refusal ? refusal->view() : "nothing is refused",
              "the firmware has not left source " + std::to_string(source) + " to the APLIC domain at 0xd000000");
}

INSTANTIATE_TEST_SUITE_P(At, SourceOfAnotherDomain,
                         testing::Combine(testing::Values(Controller::aplic, Controller::aia),
                                          testing::Values(uart_source, granted_source)));

/// Firmware that starts a hart clears its context (OpenSBI does).
TEST(PlicOfAHart, HasWhatIsRoutedThereOnceItIsUp) {
    power_on(Controller::plic);
    arch::uart::initialise();
    EXPECT_FALSE(arch::irq::initialise());
    const auto& hart = description.board.harts[1];
    arch::irq::route(uart_source, hart);
    machine.store(plic_at + plic::enable_word(1, 0), 0);
    machine.type("x");
    on_hart(1, [&] { arch::irq::initialise_hart(hart); });
    EXPECT_TRUE(machine.interrupts(1));
}

}  // namespace
}  // namespace mullion::modelled
