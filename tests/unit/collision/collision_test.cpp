// SPDX-License-Identifier: Apache-2.0
// What hv/run/console.cpp does for a hart that finds the console taken, whatever the other does with it: a break is
// typed, a source is released, bytes are moved. Its output waits for its own timer, and for no event of others.
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "arch/iommu/iommu.hpp"
#include "arch/uart.hpp"
#include "core/tables.hpp"
#include "run/alarm.hpp"
#include "run/console.hpp"
#include "run/machine_console.hpp"
#include "vm/console.hpp"
#include "vm/no_terminal.hpp"

namespace mullion {
namespace {

constexpr std::uint64_t frequency = 100'000;
constexpr std::array<std::uint32_t, 1> indices{0};

constexpr Guest guest() {
    Guest alpha;
    alpha.name = "alpha";
    alpha.harts = indices;
    return alpha;
}
constexpr std::array guests{guest()};

constexpr Board board() {
    Board board;
    board.timebase_frequency = frequency;
    return board;
}

std::optional<std::uint64_t> alarm_at;
std::string sent;

}  // namespace

constinit const Description description{.name = "collision", .board = board(), .guests = guests, .images = {}};
modelled::Machine modelled::machine{1};

namespace arch {
HartContext& this_hart() {
    static HartContext context;
    return context;
}
const iommu::Driver* const iommu::driver_of_board = nullptr;
std::size_t uart::room() {
    return 16;
}
void uart::send(std::span<const std::uint8_t> bytes) {
    sent.append(bytes.begin(), bytes.end());
}
bool uart::is_idle() {
    return true;
}
}  // namespace arch

namespace run {
namespace {

std::array<InputQueue, 1> inputs;
std::array<VCpu, 1> vcpus{VCpu{guests[0], {}, 0, HartId{0}}};
std::array<Vm, 1> guests_of_machine{Vm{description.guests[0], 0, vcpus, inputs[0]}};

}  // namespace

const std::span<Vm> vms = guests_of_machine;
void hasten_alarm(Alarm, std::uint64_t time) {
    alarm_at = std::min(time, alarm_at.value_or(time));
}
void set_alarm(Alarm, std::uint64_t time) {
    alarm_at = time;
}

namespace console {
namespace {

MachineConsolePort port;
std::array<OutputChannel, 2> channels;
Console<MachineConsolePort, NoTerminal> tested{port, description, channels};

}  // namespace

AnyConsole& machine_console = tested;

TEST(OutputThatFindsTheConsoleTaken, ComesWithinHalfAMillisecond) {
    auto& time = modelled::machine.time;
    ASSERT_TRUE(lock.try_lock());  // another hart's
    print_answer("a line");
    EXPECT_EQ(sent, "");
    lock.unlock();
    const auto again = alarm_at.value_or(Alarms::never);
    const std::string fault = again <= time + frequency / 2000 ? "" : "output that waits for an event";
    ASSERT_EQ(fault, "");
    time = again;
    service();
    EXPECT_NE(sent.find("a line"), std::string::npos) << sent;
}

}  // namespace console
}  // namespace run
}  // namespace mullion
