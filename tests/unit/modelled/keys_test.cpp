// SPDX-License-Identifier: Apache-2.0
// What is typed, from the UART to the guest that has the input, and what becomes of the rest.
#include "run/input.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "arch/irq/irq.hpp"
#include "arch/uart.hpp"
#include "core/tables.hpp"
#include "fixture.hpp"
#include "run/machine_console.hpp"

namespace mullion::modelled {
namespace {

constexpr std::size_t alpha = 0, beta = 1;
constexpr std::uint64_t second = 1000;

/// Returns Ctrl-] and that key.
std::string key(char c) {
    return {'\x1d', c};
}

class KeysOnAMachine : public testing::TestWithParam<Controller> {
 protected:
    KeysOnAMachine() { boot(); }
    ~KeysOnAMachine() override { machine.before_access = nullptr; }

    static void boot() {
        power_on(GetParam());
        arch::uart::initialise();
        EXPECT_FALSE(arch::irq::initialise());
        for (const auto& hart : description.board.harts) {
            on_hart(hart.context, [&] { arch::irq::initialise_hart(hart); });
        }
        run::input::initialise();
    }
    static void type(std::string_view bytes) {
        machine.type(bytes);
        EXPECT_TRUE(take_interrupts());
    }
    static bool is_free(arch::FairLock& lock) {
        const bool taken = lock.try_lock();
        if (taken) {
            lock.unlock();
        }
        return taken;
    }
    static void fill(std::size_t guest) {
        while (run::vms[guest].input.put('x')) {
        }
    }
    /// Reads what is typed, as an alarm does.
    static void look_again() {
        machine.time += second;
        run::input::read();
    }
};

TEST_P(KeysOnAMachine, BytesAreOfTheGuestThatHasTheInput) {
    type("a" + key('2') + "b" + key('1') + "c");
    type("d" + key('2'));
    type("e" + key('b') + "f");
    EXPECT_EQ(typed_for(alpha), "acd");
    EXPECT_EQ(typed_for(beta), "be!f");
}

/// While a hart handles the interrupt of a byte, another, which looks again by its timer, moves the input: before each
/// access to a device that the first one makes without the lock.
TEST_P(KeysOnAMachine, InputMovesAtAnyTime) {
    std::size_t scenes = 0;
    for (bool moved = true; moved && !HasFailure(); ++scenes) {
        boot();
        std::size_t accesses = 0;
        moved = false;
        machine.type("x");
        machine.before_access = [&] {
            if (moved || accesses++ < scenes || !is_free(run::console::lock)) {
                return;
            }
            moved = true;
            machine.type(key('2'));
            on_hart(beta, run::input::read);
        };
        EXPECT_TRUE(take_interrupts());
        machine.before_access = nullptr;
        type(key('2') + "y");
        EXPECT_EQ(typed_for(alpha) + ' ' + typed_for(beta), "x y") << "moved before access " << scenes;
    }
    EXPECT_GE(scenes, 3U);
}

TEST_P(KeysOnAMachine, DroppedBytesAreToldOfTheGuestThatTheyWereTypedFor) {
    fill(alpha);
    type("ab");
    look_again();
    type(key('2'));
    EXPECT_THAT(answers, testing::IsEmpty());
    look_again();
    EXPECT_THAT(answers, testing::ElementsAre("2 typed bytes dropped: alpha does not read them"));
    type("c");
    EXPECT_EQ(typed_for(beta), "c");
}

TEST_P(KeysOnAMachine, BreaksAreDroppedAsBytesAre) {
    fill(alpha);
    type(key('b'));
    look_again();
    look_again();
    EXPECT_THAT(answers, testing::ElementsAre("1 typed bytes dropped: alpha does not read them"));
}

TEST_P(KeysOnAMachine, GuestThatIsOffTakesNothing) {
    run::vms[alpha].life.settle(LifeState::off);
    type("a" + key('b'));
    EXPECT_EQ(typed_for(alpha), "");
    look_again();
    EXPECT_THAT(answers, testing::ElementsAre("2 typed bytes dropped: alpha does not read them"));
}

INSTANTIATE_TEST_SUITE_P(With, KeysOnAMachine, all_controllers, name_of_controller);

}  // namespace
}  // namespace mullion::modelled
